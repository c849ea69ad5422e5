import { createHash } from 'node:crypto';

/**
 * What may go wrong.
 * - `throttled`, `access_denied`, `expired_credentials`, `region_disabled`, `opt_in_required`: the error that the service
 *   documents for it
 * - `internal_error` (500), `unavailable` (503): likewise
 * - `slow`: the right answer after `delayMs`
 * - `hang`: no answer, the connection stays open
 * - `disconnect`: the connection breaks in the middle of the body
 * - `truncated`: a complete HTTP answer whose XML or JSON ends too early
 * - `garbage`: status 200 and a body that is neither
 */
export type FaultKind =
  | 'throttled'
  | 'access_denied'
  | 'expired_credentials'
  | 'region_disabled'
  | 'opt_in_required'
  | 'internal_error'
  | 'unavailable'
  | 'slow'
  | 'hang'
  | 'disconnect'
  | 'truncated'
  | 'garbage';

/** A fault, and which calls it hits. What is left out matches every call. */
export interface Fault {
  kind: FaultKind;
  /** Signing name, as in recorded calls: `ec2`, `tagging`, `ce`, `elasticfilesystem`. */
  service?: string;
  /** As the API names it: `DescribeInstances`. */
  operation?: string;
  region?: string;
  account?: string;
  /** Lets so many matching calls through first. */
  after?: number;
  /** Hits so many calls, then never again. Default: all. */
  times?: number;
  /** Hits with this probability, the same way in each run with the same seed. Default 1. */
  probability?: number;
  /** How long a `slow` answer takes. */
  delayMs?: number;
  /** Added to the message of an error, behind the service's own text, and to the body of garbage. */
  message?: string;
}

/** What identifies a call for faults and in the record. */
export interface CallAddress {
  service: string;
  operation: string;
  region: string;
  account: string;
}

interface Ordered {
  fault: Fault;
  seen: number;
  hits: number;
}

/** Faults that are ordered. Of several that match one call, the one ordered first hits. */
export class Faults {
  readonly #seed: number;
  #ordered: Ordered[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @returns a function that takes the fault away again. */
  add(fault: Fault): () => void {
    const ordered: Ordered = { fault, seen: 0, hits: 0 };
    this.#ordered.push(ordered);
    return () => {
      this.#ordered = this.#ordered.filter((other) => other !== ordered);
    };
  }

  clear(): void {
    this.#ordered = [];
  }

  /** The fault that hits this call, if any. Counts the call. */
  hit(call: CallAddress): Fault | undefined {
    for (const ordered of this.#ordered) {
      if (matches(ordered.fault, call) && this.#strikes(ordered)) return ordered.fault;
    }
    return undefined;
  }

  #strikes(ordered: Ordered): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = ordered.fault;
    const turn = ordered.seen;
    ordered.seen += 1;
    if (turn < after || ordered.hits >= times || this.#luck(turn) >= probability) return false;
    ordered.hits += 1;
    return true;
  }

  #luck(turn: number): number {
    return createHash('sha256').update(`${this.#seed}/fault/${turn}`).digest().readUInt32BE() / 0x1_0000_0000;
  }
}

function matches(fault: Fault, call: CallAddress): boolean {
  return (['service', 'operation', 'region', 'account'] as const).every((part) => fault[part] === undefined || fault[part] === call[part]);
}

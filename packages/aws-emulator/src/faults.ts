import { createHash } from 'node:crypto';

/**
 * What may go wrong.
 * - `throttled`, `access_denied`, `expired_credentials`, `region_disabled`, `opt_in_required`: the error that the service
 *   documents for it
 * - `internal_error` (500), `unavailable` (503): likewise
 * - `slow`: the right answer after `delayMs`
 * - `lost_request`: no answer and no effect, the connection is closed
 *
 * With these a write has taken effect, which its client cannot know:
 * - `lost_answer`: no answer, the connection is closed
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
  | 'lost_request'
  | 'lost_answer'
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

interface ActiveFault {
  fault: Fault;
  seen: number;
  hits: number;
}

/** The faults that tests have added. Of several that match one call, the one added first hits. */
export class Faults {
  readonly #seed: number;
  #active: ActiveFault[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** @returns a function that removes the fault. */
  add(fault: Fault): () => void {
    const added: ActiveFault = { fault, seen: 0, hits: 0 };
    this.#active.push(added);
    return () => {
      this.#active = this.#active.filter((other) => other !== added);
    };
  }

  clear(): void {
    this.#active = [];
  }

  /** The fault that hits this call, if any. Counts the call. */
  hit(call: CallAddress): Fault | undefined {
    for (const active of this.#active) {
      if (matches(active.fault, call) && this.#isHit(active)) return active.fault;
    }
    return undefined;
  }

  #isHit(active: ActiveFault): boolean {
    const { after = 0, times = Number.POSITIVE_INFINITY, probability = 1 } = active.fault;
    const position = active.seen;
    active.seen += 1;
    if (position < after || active.hits >= times || this.#chance(position) >= probability) return false;
    active.hits += 1;
    return true;
  }

  #chance(position: number): number {
    return createHash('sha256').update(`${this.#seed}/fault/${position}`).digest().readUInt32BE() / 0x1_0000_0000;
  }
}

function matches(fault: Fault, call: CallAddress): boolean {
  return (['service', 'operation', 'region', 'account'] as const).every((part) => fault[part] === undefined || fault[part] === call[part]);
}

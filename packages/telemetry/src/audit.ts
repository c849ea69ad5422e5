import { type AuditChain, type AuditHead, type AuditRow, chainRows } from './audit-chain.ts';

/** One call as it is recorded. `arguments` must be redacted already. */
export interface AuditEntry {
  /** ISO instant at which the call ended. */
  time: string;
  server: string;
  principal: string;
  tool: string;
  arguments: unknown;
  /** `ok`, or the kind of the error. */
  outcome: string;
  duration_ms: number;
  trace_id: string;
}

/**
 * What a row has survived when its promise resolves. `flushed`: a power failure. `committed`: the death of this process; a power failure
 * can still take it within the next 100 ms.
 */
export type AuditDurability = 'committed' | 'flushed';

/** Storage of the chain, implemented by the store. */
export interface AuditRecords extends AuditChain {
  /** Appends the rows that `link` makes of the last one; no other process can append in the meantime. */
  append(link: (last: AuditHead | undefined) => AuditRow[], options: { durability: AuditDurability }): Promise<void>;
}

export interface AuditTrail {
  /**
   * Resolves when the entry is stored as durably as requested, by default `flushed`. Rejects when that fails or takes too long; after the
   * latter it may still be stored.
   */
  record(entry: AuditEntry, durability?: AuditDurability): Promise<void>;
  /** How long the oldest entry that is not stored yet has been waiting, in milliseconds; 0 when none is waiting. */
  waitingMs(): number;
  /** Resolves when every entry recorded so far is stored or has failed. */
  drain(): Promise<void>;
}

export interface AuditTrailOptions {
  /** How long storing an entry may take, in milliseconds. A storage that hangs must not make its callers hang. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

/** Appends entries to the chain. Entries that may be lost in a power failure never wait for those that may not. */
export function createAuditTrail(records: AuditRecords, { timeoutMs = TIMEOUT_MS }: AuditTrailOptions = {}): AuditTrail {
  const committed = new RowBatcher(records, 'committed', timeoutMs);
  const flushed = new RowBatcher(records, 'flushed', timeoutMs);
  return {
    record: (entry, durability = 'flushed') => (durability === 'committed' ? committed : flushed).add(JSON.stringify(entry)),
    waitingMs: () => Math.max(committed.waitingMs(), flushed.waitingMs()),
    async drain() {
      await Promise.all([committed.drain(), flushed.drain()]);
    },
  };
}

/** More concurrent commits than this only make each of them smaller. */
const MAX_COMMITS = 2;
/** A batch of this size is committed without waiting for more rows. */
const MAX_ROWS = 64;
/** A timeout is kept to within a twentieth of itself. */
const CHECKS_PER_TIMEOUT = 20;

/** Rows that are committed together. */
interface Batch {
  bodies: string[];
  /** Settles when the rows are stored, or cannot be, or not in time. */
  stored: PromiseWithResolvers<void>;
  /** When its first row came, by the monotonic clock. */
  since: number;
  isOverdue: boolean;
}

/**
 * Commits rows in batches: once a turn of the event loop has brought no further row and fewer than {@link MAX_COMMITS} commits are in
 * flight. The busier the server, the more rows share a commit, and the cheaper a row is.
 */
class RowBatcher {
  readonly #records: AuditRecords;
  readonly #durability: AuditDurability;
  readonly #timeoutMs: number;
  /** The rows gathered now. */
  #next: Batch | undefined;
  /** At most {@link MAX_COMMITS}, so that an array does: a Set would leave a table behind every few commits. */
  readonly #commits: Batch[] = [];
  /** One timer watches all batches, so that a row needs none of its own. */
  #timer: NodeJS.Timeout | undefined;

  constructor(records: AuditRecords, durability: AuditDurability, timeoutMs: number) {
    this.#records = records;
    this.#durability = durability;
    this.#timeoutMs = timeoutMs;
  }

  add(body: string): Promise<void> {
    if (this.#next !== undefined) {
      this.#next.bodies.push(body);
      return this.#next.stored.promise;
    }
    if (this.#isStuck()) return Promise.reject(this.#timeoutError());
    const batch = { bodies: [body], stored: Promise.withResolvers<void>(), since: performance.now(), isOverdue: false };
    this.#next = batch;
    if (this.#commits.length < MAX_COMMITS) this.#commitWhenQuiet();
    this.#startTimer();
    return batch.stored.promise;
  }

  waitingMs(): number {
    const [oldest] = this.#batches();
    return oldest === undefined ? 0 : performance.now() - oldest.since;
  }

  async drain(): Promise<void> {
    for (;;) {
      const waiting = this.#batches().filter(({ isOverdue }) => !isOverdue);
      if (waiting.length === 0) return;
      await Promise.allSettled(waiting.map(({ stored }) => stored.promise));
    }
  }

  /** Oldest first. */
  #batches(): Batch[] {
    return this.#next === undefined ? [...this.#commits] : [...this.#commits, this.#next];
  }

  /** Whether nothing can be stored before a commit ends that should have ended already. */
  #isStuck(): boolean {
    return this.#commits.length >= MAX_COMMITS && this.#commits.every(({ isOverdue }) => isOverdue);
  }

  #commitWhenQuiet(): void {
    const seen = this.#next?.bodies.length ?? 0;
    setImmediate(() => {
      const gathered = this.#next?.bodies.length ?? 0;
      if (gathered > seen && gathered < MAX_ROWS) this.#commitWhenQuiet();
      else this.#commit();
    });
  }

  #commit(): void {
    const batch = this.#next;
    if (batch === undefined) return;
    this.#next = undefined;
    this.#commits.push(batch);
    this.#records
      .append((head) => chainRows(head, batch.bodies), { durability: this.#durability })
      .finally(() => {
        this.#commits.splice(this.#commits.indexOf(batch), 1);
        if (this.#next !== undefined && this.#commits.length === MAX_COMMITS - 1) this.#commitWhenQuiet();
      })
      .then(batch.stored.resolve, batch.stored.reject);
  }

  #startTimer(): void {
    this.#timer ??= setInterval(() => this.#rejectOverdue(), Math.ceil(this.#timeoutMs / CHECKS_PER_TIMEOUT)).unref();
  }

  #rejectOverdue(): void {
    const batches = this.#batches();
    if (batches.every(({ isOverdue }) => isOverdue)) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    for (const batch of batches) {
      if (batch.isOverdue || performance.now() - batch.since < this.#timeoutMs) continue;
      batch.isOverdue = true;
      // Its callers have been told that it was not stored.
      if (batch === this.#next) this.#next = undefined;
      batch.stored.reject(this.#timeoutError());
    }
  }

  #timeoutError(): Error {
    return new Error(`Audit rows were not stored within ${this.#timeoutMs / 1000} s.`);
  }
}

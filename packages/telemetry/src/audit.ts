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
  /** Resolves when the entry is stored as durably as requested, by default `flushed`. */
  record(entry: AuditEntry, durability?: AuditDurability): Promise<void>;
  /** Resolves when every entry recorded so far is stored or has failed. */
  drain(): Promise<void>;
}

/** Appends entries to the chain. Entries that may be lost in a power failure never wait for those that may not. */
export function createAuditTrail(records: AuditRecords): AuditTrail {
  const committed = new RowBatcher(records, 'committed');
  const flushed = new RowBatcher(records, 'flushed');
  return {
    record: (entry, durability = 'flushed') => (durability === 'committed' ? committed : flushed).add(JSON.stringify(entry)),
    async drain() {
      await Promise.all([committed.drain(), flushed.drain()]);
    },
  };
}

/** More concurrent commits than this only make each of them smaller. */
const MAX_COMMITS = 2;
/** A batch of this size is committed without waiting for more rows. */
const MAX_ROWS = 64;

/**
 * Commits rows in batches: once a turn of the event loop has brought no further row and fewer than {@link MAX_COMMITS} commits are in
 * flight. The busier the server, the more rows share a commit, and the cheaper a row is.
 */
class RowBatcher {
  readonly #records: AuditRecords;
  readonly #durability: AuditDurability;
  #bodies: string[] = [];
  /** Resolves when the rows gathered now are stored; undefined when there are none. */
  #batch: PromiseWithResolvers<void> | undefined;
  readonly #commits = new Set<Promise<void>>();

  constructor(records: AuditRecords, durability: AuditDurability) {
    this.#records = records;
    this.#durability = durability;
  }

  add(body: string): Promise<void> {
    this.#bodies.push(body);
    if (this.#batch === undefined) {
      this.#batch = Promise.withResolvers<void>();
      if (this.#commits.size < MAX_COMMITS) this.#commitWhenQuiet();
    }
    return this.#batch.promise;
  }

  async drain(): Promise<void> {
    while (this.#batch !== undefined || this.#commits.size > 0) await Promise.allSettled([this.#batch?.promise, ...this.#commits]);
  }

  #commitWhenQuiet(): void {
    const seen = this.#bodies.length;
    setImmediate(() => {
      if (this.#bodies.length > seen && this.#bodies.length < MAX_ROWS) this.#commitWhenQuiet();
      else this.#commit();
    });
  }

  #commit(): void {
    const [bodies, batch] = [this.#bodies, this.#batch];
    this.#bodies = [];
    this.#batch = undefined;
    if (batch === undefined) return;
    const commit = this.#records
      .append((head) => chainRows(head, bodies), { durability: this.#durability })
      .finally(() => {
        this.#commits.delete(commit);
        if (this.#batch !== undefined && this.#commits.size === MAX_COMMITS - 1) this.#commitWhenQuiet();
      });
    this.#commits.add(commit);
    commit.then(batch.resolve, batch.reject);
  }
}

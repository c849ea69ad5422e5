import { hash as digest } from 'node:crypto';

/** What is written down of one call. `arguments` are redacted before they come here. */
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

/** A link of the chain, as it rests. */
export interface AuditRow {
  sequence: number;
  previous: string;
  hash: string;
  /** The entry as JSON; together with `previous` and `sequence` it is what `hash` proves. */
  body: string;
}

/** Where the chain rests. Implemented by the store. */
export interface AuditRecords {
  append(link: (last: { sequence: number; hash: string } | undefined) => AuditRow[]): Promise<void>;
  read(after: number, limit: number): Promise<AuditRow[]>;
  /** The end of the chain as it was last written, kept apart from the rows so that a missing tail is noticed. */
  head(): Promise<{ sequence: number; hash: string } | undefined>;
}

export interface AuditTrail {
  /** Resolves when the entry is durable. */
  record(entry: AuditEntry): Promise<void>;
  /** Resolves when everything recorded so far is durable. */
  flush(): Promise<void>;
}

/** The hash before the first row. */
const GENESIS = '0'.repeat(64);

/** More commits than this on their way to the disk at a time only make the commits smaller. */
const MAX_AT_ONCE = 2;
/** With so many rows no further turn is waited for. */
const MAX_ROWS = 64;

/**
 * Rows share a commit: it is made when a turn of the event loop has brought no further row. What comes while enough commits are on their
 * way to the disk waits for the next. The busier the server, the more rows share a commit, and the cheaper a row is.
 */
export function createAuditTrail(records: AuditRecords): AuditTrail {
  let pending: string[] = [];
  let batch: PromiseWithResolvers<void> | undefined;
  const underWay = new Set<Promise<void>>();

  function commitWhenQuiet(): void {
    const seen = pending.length;
    setImmediate(() => {
      if (pending.length > seen && pending.length < MAX_ROWS) commitWhenQuiet();
      else commit();
    });
  }

  function commit(): void {
    const [bodies, done] = [pending, batch];
    pending = [];
    batch = undefined;
    if (done === undefined) return;
    const appending = records
      .append((head) => chain(head, bodies))
      .finally(() => {
        underWay.delete(appending);
        if (batch !== undefined && underWay.size === MAX_AT_ONCE - 1) commitWhenQuiet();
      });
    underWay.add(appending);
    appending.then(done.resolve, done.reject);
  }

  return {
    record(entry) {
      pending.push(JSON.stringify(entry));
      if (batch === undefined) {
        batch = Promise.withResolvers<void>();
        if (underWay.size < MAX_AT_ONCE) commitWhenQuiet();
      }
      return batch.promise;
    },
    async flush() {
      while (batch !== undefined || underWay.size > 0) await Promise.allSettled([batch?.promise, ...underWay]);
    },
  };
}

function chain(head: { sequence: number; hash: string } | undefined, bodies: readonly string[]): AuditRow[] {
  let { sequence, hash: previous } = head ?? { sequence: 0, hash: GENESIS };
  return bodies.map((body) => {
    sequence += 1;
    const row = { sequence, previous, hash: hashOf(sequence, previous, body), body };
    previous = row.hash;
    return row;
  });
}

function hashOf(sequence: number, previous: string, body: string): string {
  return digest('sha256', `${sequence}\n${previous}\n${body}`);
}

export type AuditVerification = { intact: true; rows: number } | { intact: false; rows: number; sequence: number; problem: string };

/**
 * Walks the whole chain. Finds a changed row (its hash does not fit), a removed one (a gap, or a tail that is shorter than
 * the head says) and a reordered one (its `previous` does not fit). Stops at the first fault.
 */
export async function verifyAuditTrail(records: AuditRecords, pageSize = 1000): Promise<AuditVerification> {
  let [sequence, hash, rows] = [0, GENESIS, 0];
  for (;;) {
    const page = await records.read(sequence, pageSize);
    if (page.length === 0) break;
    for (const row of page) {
      const problem = faultOf(row, sequence + 1, hash);
      if (problem !== undefined) return { intact: false, rows, sequence: sequence + 1, problem };
      sequence = Number(row.sequence);
      hash = row.hash;
      rows += 1;
    }
  }
  const head = await records.head();
  if ((head?.sequence ?? 0) === sequence && (head?.hash ?? GENESIS) === hash) return { intact: true, rows };
  return {
    intact: false,
    rows,
    sequence: sequence + 1,
    problem: `rows are missing at the end: the last one should be number ${head?.sequence ?? 0}`,
  };
}

function faultOf(row: AuditRow, expected: number, previous: string): string | undefined {
  if (Number(row.sequence) !== expected) return `row ${expected} is missing (the next one is ${row.sequence})`;
  if (row.previous !== previous) return `row ${expected} does not follow the row before it (removed, inserted or reordered)`;
  if (row.hash !== hashOf(expected, row.previous, row.body)) return `row ${expected} was changed`;
  return undefined;
}

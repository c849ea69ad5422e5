import { hash as digest } from 'node:crypto';

/** A stored link of the hash chain. */
export interface AuditRow {
  sequence: number;
  previous: string;
  hash: string;
  /** The entry as JSON. `hash` covers it together with `sequence` and `previous`. */
  body: string;
}

/** The last row's sequence and hash. */
export interface AuditHead {
  sequence: number;
  hash: string;
}

/** A stored chain, as it is read. */
export interface AuditChain {
  /** Up to `limit` rows in order, starting after the sequence `after`. */
  read(after: number, limit: number): Promise<AuditRow[]>;
  /** The end of the chain, stored apart from the rows so that a missing tail is noticed. */
  head(): Promise<AuditHead | undefined>;
}

/** The hash before the first row. */
const FIRST_PREVIOUS = '0'.repeat(64);

/** Links entries to the end of the chain. */
export function chainRows(head: AuditHead | undefined, bodies: readonly string[]): AuditRow[] {
  let { sequence, hash: previous } = head ?? { sequence: 0, hash: FIRST_PREVIOUS };
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
 * Checks the whole chain. Detects a changed row (its hash does not match), a removed one (a gap, or an end before the stored head) and
 * a reordered one (its `previous` does not match). Stops at the first problem.
 */
export async function verifyAuditTrail(chain: AuditChain, pageSize = 1000): Promise<AuditVerification> {
  let [sequence, hash, rows] = [0, FIRST_PREVIOUS, 0];
  for (;;) {
    const page = await chain.read(sequence, pageSize);
    if (page.length === 0) break;
    for (const row of page) {
      const problem = problemOf(row, sequence + 1, hash);
      if (problem !== undefined) return { intact: false, rows, sequence: sequence + 1, problem };
      sequence = Number(row.sequence);
      hash = row.hash;
      rows += 1;
    }
  }
  const head = await chain.head();
  if ((head?.sequence ?? 0) === sequence && (head?.hash ?? FIRST_PREVIOUS) === hash) return { intact: true, rows };
  return {
    intact: false,
    rows,
    sequence: sequence + 1,
    problem: `rows are missing at the end: the last one should be number ${head?.sequence ?? 0}`,
  };
}

function problemOf(row: AuditRow, expected: number, previous: string): string | undefined {
  if (Number(row.sequence) !== expected) return `row ${expected} is missing (the next one is ${row.sequence})`;
  if (row.previous !== previous) return `row ${expected} does not follow the row before it (removed, inserted or reordered)`;
  if (row.hash !== hashOf(expected, row.previous, row.body)) return `row ${expected} was changed`;
  return undefined;
}

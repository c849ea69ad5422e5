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
  /** How many rows have a number below 1, the first one of a chain. */
  countBelowFirst(): Promise<number>;
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

export type AuditVerification =
  /** `hash` is the last row's. It stands for the whole trail: kept elsewhere, it shows later that nothing before it was changed. */
  { intact: true; rows: number; hash: string } | { intact: false; rows: number; sequence: number; problem: string };

export interface VerifyOptions {
  /** The hash of a row, noted earlier: the trail must still contain it. */
  expectedHash?: string | undefined;
  pageSize?: number;
}

/**
 * Checks the whole chain. Detects a changed row (its hash does not match), a removed one (a gap, or an end before the stored head), a
 * reordered one (its `previous` does not match), one that was added outside of the chain, and a chain that was replaced, if an earlier
 * hash is known. Stops at the first problem.
 */
export async function verifyAuditTrail(
  chain: AuditChain,
  { expectedHash, pageSize = 1000 }: VerifyOptions = {},
): Promise<AuditVerification> {
  const below = await chain.countBelowFirst();
  if (below > 0)
    return {
      intact: false,
      rows: 0,
      sequence: 0,
      problem: `${below} ${below === 1 ? 'row was' : 'rows were'} added with a number below 1`,
    };
  let [sequence, hash, rows, isExpectedFound] = [0, FIRST_PREVIOUS, 0, expectedHash === undefined];
  for (;;) {
    const page = await chain.read(sequence, pageSize);
    if (page.length === 0) break;
    for (const row of page) {
      const problem = problemOf(row, sequence + 1, hash);
      if (problem !== undefined) return { intact: false, rows, sequence: sequence + 1, problem };
      sequence = Number(row.sequence);
      hash = row.hash;
      rows += 1;
      isExpectedFound ||= hash === expectedHash;
    }
  }
  const problem = problemOfEnd(await chain.head(), { sequence, hash }) ?? (isExpectedFound ? undefined : EXPECTED_IS_MISSING);
  return problem === undefined ? { intact: true, rows, hash } : { intact: false, rows, sequence: sequence + 1, problem };
}

const EXPECTED_IS_MISSING = 'no row has the expected hash: rows were removed, or the trail was replaced';

function problemOfEnd(head: AuditHead | undefined, last: AuditHead): string | undefined {
  if ((head?.sequence ?? 0) === last.sequence && (head?.hash ?? FIRST_PREVIOUS) === last.hash) return undefined;
  return `rows are missing at the end: the last one should be number ${head?.sequence ?? 0}`;
}

function problemOf(row: AuditRow, expected: number, previous: string): string | undefined {
  if (Number(row.sequence) !== expected) return `row ${expected} is missing (the next one is ${row.sequence})`;
  if (row.previous !== previous) return `row ${expected} does not follow the row before it (removed, inserted or reordered)`;
  if (row.hash !== hashOf(expected, row.previous, row.body)) return `row ${expected} was changed`;
  return undefined;
}

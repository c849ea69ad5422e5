/** Explains a change over a million lines, half of them in each period, and prints the median of the seconds. Started by benchmark.ts. */
import { explainChange } from '../src/analysis/explain-change.ts';
import type { BillRow, Dimension } from '../src/bill/question.ts';

const LINES = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 5;
const DIMENSIONS: readonly Dimension[] = ['service', 'usage_type', 'region', 'account', 'tag:team'];

/** A linear congruential generator: the same bill every time. */
let state = 1;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

/** Sources read a value once and refer to it. */
const interned = new Map<string, string>();
function intern(text: string): string {
  const known = interned.get(text) ?? text;
  interned.set(text, known);
  return known;
}

/** Most lines are small, a few large; one in twenty exists in one period only. */
function rowsFrom(first: number): BillRow[] {
  return Array.from({ length: LINES / 2 }, (_, index) => {
    const line = first + index;
    const keys = [
      `service ${line % 40}`,
      `usage type ${line % 2000}`,
      `region ${line % 17}`,
      `account ${Math.floor(line / 34_000)}`,
      `team ${line % 23}`,
    ].map(intern);
    const gross = BigInt(Math.floor(10 ** (8 + 5 * random())));
    const usage = [{ quantity: BigInt(Math.floor(1e12 * random()) + 1), unit: intern(`unit ${line % 7}`) }];
    return { start: '2026-10-01', keys, amounts: { gross, credits: 0n, refunds: 0n }, usage };
  });
}

const before = { rows: rowsFrom(0), days: 30 };
const after = { rows: rowsFrom(LINES / 40), days: 31 };
const seconds = Array.from({ length: ROUNDS }, () => {
  const start = performance.now();
  explainChange(before, after, DIMENSIONS);
  return (performance.now() - start) / 1000;
});
process.stdout.write(`${seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]?.toFixed(3)}\n`);

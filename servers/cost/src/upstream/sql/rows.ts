import { ToolError } from '@fairway-mcp/kit';
import type { Amounts, BillQuestion, BillRow, Quantity } from '../../bill/question.ts';
import type { Units } from '../../bill/units.ts';

/** A value of an answer: text, an exact decimal in units, a whole number, or none. */
export type Cell = string | bigint | undefined;

interface Sum {
  start: string;
  keys: readonly (string | undefined)[];
  amounts: Amounts;
  usage: Map<string, Units>;
}

const PARTS: Readonly<Record<string, keyof Amounts>> = { gross: 'gross', credit: 'credits', refund: 'refunds' };

/** The rows of a bill out of those that `askStatement` asks for: the parts of an amount, and quantities by unit, come in rows of their own. */
export function billRows(question: BillQuestion, answer: Iterable<readonly Cell[]>): BillRow[] {
  const width = question.groupBy.length;
  const sums = new Map<string, Sum>();
  for (const cells of answer) {
    const keys = cells.slice(1, width + 1).map(asText);
    const sum = findSum(sums, startOf(question, asText(cells[0]) ?? ''), keys);
    const rest = cells.slice(width + 1);
    const [part, unit] = [asText(rest[0]) ?? '', question.withUsage ? asText(rest[1]) : undefined];
    const [amount, quantity] = question.withUsage ? rest.slice(2) : rest.slice(1);
    sum.amounts[PARTS[part] ?? 'gross'] += asUnits(amount);
    if (unit !== undefined && unit !== '') sum.usage.set(unit, (sum.usage.get(unit) ?? 0n) + asUnits(quantity));
  }
  return [...sums.values()].map(toRow).filter(isSomething);
}

/** A bucket that begins before the period begins with it. */
function startOf({ period, granularity }: BillQuestion, bucket: string): string {
  return granularity === 'total' || bucket < period.start ? period.start : bucket;
}

function findSum(sums: Map<string, Sum>, start: string, keys: Sum['keys']): Sum {
  const id = JSON.stringify([start, ...keys.map((key) => key ?? null)]);
  const known = sums.get(id);
  if (known !== undefined) return known;
  const sum: Sum = { start, keys, amounts: { gross: 0n, credits: 0n, refunds: 0n }, usage: new Map() };
  sums.set(id, sum);
  return sum;
}

function toRow({ start, keys, amounts, usage }: Sum): BillRow {
  const quantities = [...usage].map(([unit, quantity]): Quantity => ({ quantity, unit })).filter(({ quantity }) => quantity !== 0n);
  return { start, keys, amounts, usage: quantities.toSorted((one, other) => (one.unit < other.unit ? -1 : 1)) };
}

function isSomething({ amounts: { gross, credits, refunds }, usage }: BillRow): boolean {
  return gross !== 0n || credits !== 0n || refunds !== 0n || usage.length > 0;
}

export function asText(cell: Cell): string | undefined {
  return typeof cell === 'bigint' ? cell.toString() : cell;
}

/** The sum of no amounts is none. @throws ToolError when it is no number */
export function asUnits(cell: Cell): Units {
  if (cell === undefined) return 0n;
  if (typeof cell === 'bigint') return cell;
  throw new ToolError({ kind: 'internal', message: 'A sum is no number.', remedy: 'Report this with the version of the server.' });
}

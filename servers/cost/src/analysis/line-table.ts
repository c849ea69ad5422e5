import type { BillRow } from '../bill/question.ts';

/**
 * Lines of two periods beside each other. Keys are numbered, dimension by dimension, and a line is found by one number that is made of
 * these: joining a million keys as text would take longer than everything else.
 */
export interface LineTable {
  /** How many lines. Those of the period before come first. */
  readonly size: number;
  readonly before: readonly (BillRow | undefined)[];
  readonly after: readonly (BillRow | undefined)[];
  /** For each dimension the number of each line's key. */
  readonly numbers: readonly Int32Array[];
  /** For each dimension the key of each number. */
  readonly keys: readonly (readonly (string | undefined)[])[];
}

export function pairLines(before: readonly BillRow[], after: readonly BillRow[], dimensions: number): LineTable {
  const columns = Array.from({ length: dimensions }, (_, index) => numberKeys(before, after, index));
  const ids = lineIds(columns, before.length + after.length);
  const indexOf = new Map<number, number>();
  for (let row = 0; row < before.length; row += 1) indexOf.set(ids[row] ?? 0, row);
  const pairedBefore: (BillRow | undefined)[] = before.slice();
  const pairedAfter: (BillRow | undefined)[] = new Array(before.length).fill(undefined);
  const rowOf: number[] = [];
  for (let row = 0; row < after.length; row += 1) {
    const known = indexOf.get(ids[before.length + row] ?? 0);
    if (known !== undefined) pairedAfter[known] = after[row];
    else {
      pairedBefore.push(undefined);
      pairedAfter.push(after[row]);
      rowOf.push(before.length + row);
    }
  }
  const numbers = columns.map((column) => numbersOfLines(column, before.length, rowOf));
  return { size: pairedAfter.length, before: pairedBefore, after: pairedAfter, numbers, keys: columns.map(({ keys }) => keys) };
}

/** Those of the rows before, and of the rows after that have none before. */
function numbersOfLines({ numbers }: Column, before: number, rowOf: readonly number[]): Int32Array {
  const ofLines = new Int32Array(before + rowOf.length);
  ofLines.set(numbers.subarray(0, before));
  for (let line = 0; line < rowOf.length; line += 1) ofLines[before + line] = numbers[rowOf[line] ?? 0] ?? 0;
  return ofLines;
}

interface Column {
  /** Of all rows, those before first. */
  numbers: Int32Array;
  keys: (string | undefined)[];
}

function numberKeys(before: readonly BillRow[], after: readonly BillRow[], dimension: number): Column {
  const numberOf = new Map<string | undefined, number>();
  const keys: (string | undefined)[] = [];
  const numbers = new Int32Array(before.length + after.length);
  let at = 0;
  for (const rows of [before, after]) {
    for (const row of rows) {
      const key = row.keys[dimension];
      let number = numberOf.get(key);
      if (number === undefined) {
        number = keys.push(key) - 1;
        numberOf.set(key, number);
      }
      numbers[at] = number;
      at += 1;
    }
  }
  return { numbers, keys };
}

/** One number for each row's keys, the same for the same keys. */
function lineIds(columns: readonly Column[], rows: number): Float64Array {
  let ids = new Float64Array(rows);
  let distinct = 1;
  for (const { numbers, keys } of columns) {
    if (distinct * keys.length > Number.MAX_SAFE_INTEGER) [ids, distinct] = renumber(ids);
    for (let row = 0; row < rows; row += 1) ids[row] = (ids[row] ?? 0) * keys.length + (numbers[row] ?? 0);
    distinct *= keys.length;
  }
  return ids;
}

/** So that the product of many dimensions stays exact. */
function renumber(ids: Float64Array): [Float64Array<ArrayBuffer>, number] {
  const numberOf = new Map<number, number>();
  const renumbered = ids.map((id) => {
    const number = numberOf.get(id) ?? numberOf.size;
    numberOf.set(id, number);
    return number;
  });
  return [Float64Array.from(renumbered), numberOf.size];
}

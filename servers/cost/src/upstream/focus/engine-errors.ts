import { ToolError } from '@fairway-mcp/kit';

/** What DuckDB's errors begin with, and what they mean for a user. Its own texts name files and values: they stay in the log. */
const KINDS: readonly [RegExp, (memoryMb: number) => Omit<ConstructorParameters<typeof ToolError>[0], 'cause'>][] = [
  [
    /^Out of Memory Error/,
    (memoryMb) => ({
      kind: 'budget_exceeded',
      message: `The question needs more than the ${memoryMb} MB of memory that the export's engine may use.`,
      remedy: 'Ask for a shorter period or fewer groupings, or let the operator raise --focus-memory-mb.',
    }),
  ],
  [
    /^(?:Conversion|Out of Range) Error/,
    () => ({
      kind: 'upstream_rejected',
      message: 'The export has an amount, a quantity or a time that is none: not a number, too large, or in another form.',
      remedy: 'Find the faulty row in the export and export that period again. Nothing was left out silently.',
    }),
  ],
  [
    /Malformed JSON/,
    () => ({
      kind: 'upstream_rejected',
      message: 'The export has tags that are not valid JSON.',
      remedy: 'Export that period again.',
    }),
  ],
  [
    /^(?:IO|Invalid Input|Invalid|HTTP|Serialization) Error|Snappy|decompress|parquet/i,
    () => ({
      kind: 'upstream_rejected',
      message: 'A file of the export cannot be read: it is cut off, damaged, or changed while it was read.',
      remedy: 'Wait until the export is complete and ask again; if it stays so, export that period again.',
    }),
  ],
];

export function toToolError(error: unknown, memoryMb: number): Error {
  if (error instanceof ToolError) return error;
  const text = error instanceof Error ? error.message : '';
  const describe = KINDS.find(([pattern]) => pattern.test(text))?.[1];
  if (describe === undefined) return error instanceof Error ? error : new Error('DuckDB failed.', { cause: error });
  return new ToolError({ ...describe(memoryMb), cause: error });
}

export function tooManyRows(limit: number): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `The answer has more than ${limit.toLocaleString('en-US')} rows.`,
    remedy: 'Ask for a shorter period, fewer groupings, a coarser granularity, or filter.',
  });
}

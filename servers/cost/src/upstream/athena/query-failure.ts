import { ToolError } from '@fairway-mcp/kit';

/** The reason that Athena gives for a query that failed, and what it means. Its own text names columns and values: it stays in the log. */
const REASONS: readonly [RegExp, Pick<ToolError, 'kind' | 'message' | 'remedy'>][] = [
  [
    /bytes scanned limit/i,
    {
      kind: 'budget_exceeded',
      message: 'The question would read more than the Athena workgroup allows for one query (BytesScannedCutoffPerQuery).',
      remedy: 'Ask for a later start of the period or fewer columns, or let the operator raise the cutoff of the workgroup.',
    },
  ],
  [
    /INVALID_CAST_ARGUMENT|NUMERIC_VALUE_OUT_OF_RANGE|Cannot cast|overflow/i,
    {
      kind: 'upstream_rejected',
      message: 'The export has an amount, a quantity or a time that is none: not a number, too large, or in another form.',
      remedy: 'Find the faulty row in the export and export that period again. Nothing was left out silently.',
    },
  ],
  [
    /HIVE_BAD_DATA|HIVE_CURSOR_ERROR|HIVE_CANNOT_OPEN_SPLIT|HIVE_FILESYSTEM_ERROR|HIVE_INVALID_BUCKET_FILES/i,
    {
      kind: 'upstream_unavailable',
      message: 'Athena could not read a file of the export: it is damaged, or was replaced while it was read.',
      remedy: 'Ask again in some minutes. If it stays so, export that period again.',
    },
  ],
  [
    /Access ?Denied|not authorized|Permission denied|Insufficient permissions|lake ?formation/i,
    {
      kind: 'upstream_rejected',
      message: 'Athena may not read the export, its table, or write its results.',
      remedy: 'Let the operator allow s3:GetObject on the export, glue:GetTable and glue:GetPartitions, and s3:PutObject on the results.',
    },
  ],
  [
    /TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|COLUMN_NOT_FOUND|does not exist|cannot be resolved/i,
    {
      kind: 'upstream_rejected',
      message: 'The table in Glue does not have what its description promises.',
      remedy: 'Let the operator check --athena-table against the crawler or the table definition.',
    },
  ],
];

const OTHERWISE: Pick<ToolError, 'kind' | 'message' | 'remedy'> = {
  kind: 'upstream_unavailable',
  message: 'Athena could not finish the query.',
  remedy: 'Ask again in a minute. If it stays so, the query history of the workgroup says why.',
};

/** @param reason as Athena words it; never shown */
export function queryFailure(reason: string): ToolError {
  const found = REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? OTHERWISE;
  const { kind, message, remedy } = found;
  return new ToolError({ kind, message, remedy, cause: new Error(reason), ...(kind === 'upstream_unavailable' && { retryAfterS: 60 }) });
}

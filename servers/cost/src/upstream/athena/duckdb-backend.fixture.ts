import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { AthenaBackend, AthenaResult, AthenaTable } from '@fairway-mcp/aws-emulator';

/** What DuckDB calls types, as Glue calls them. */
const GLUE_TYPES: readonly [RegExp, string][] = [
  [/^DOUBLE/, 'double'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^MAP/, 'map<string,string>'],
  [/^DECIMAL/, 'decimal(38,10)'],
  [/^BIGINT|^HUGEINT/, 'bigint'],
];

/**
 * Runs Athena's statements in DuckDB. Both speak nearly the same SQL; what they do not share is put into DuckDB's words here, so that a
 * statement that would not run in Athena for its syntax alone may run here, but its meaning is really tested.
 */
export async function duckDbBackend(
  files: readonly string[],
  options: Partial<AthenaBackend> = {},
): Promise<AthenaBackend & { close(): Promise<void> }> {
  const instance = await DuckDBInstance.create(':memory:', {});
  const connection = await instance.connect();
  await connection.run("SET GLOBAL TimeZone = 'UTC'");
  const list = files.map((file) => `'${file}'`).join(', ');
  await connection.run('CREATE SCHEMA bills');
  await connection.run(
    `CREATE VIEW bills.focus AS SELECT *, strftime(ChargePeriodStart, '%Y-%m') AS billing_period FROM read_parquet([${list}], union_by_name = true)`,
  );
  const running = new Set<Promise<unknown>>();
  return {
    tables: { 'bills.focus': await describe(connection) },
    run(statement) {
      const result = run(connection, statement).finally(() => running.delete(result));
      running.add(result);
      return result;
    },
    ...options,
    /** A statement whose caller has given up still runs: closing its connection under it would end the process. */
    async close() {
      await Promise.allSettled(running);
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function describe(connection: DuckDBConnection): Promise<AthenaTable> {
  const rows = (await connection.runAndReadAll('DESCRIBE bills.focus')).getRows();
  const columns = rows.map(([name, type]) => ({ name: String(name).toLowerCase(), type: glueType(String(type)) }));
  const isPartition = ({ name }: { name: string }) => name === 'billing_period';
  return { columns: columns.filter((column) => !isPartition(column)), partitions: columns.filter(isPartition) };
}

async function run(connection: DuckDBConnection, statement: string): Promise<AthenaResult> {
  if (!statement.includes('"billing_period" >=')) throw new Error('A statement without its partition reads the whole table.');
  const reader = await connection.runAndReadAll(toDuckDb(statement)).catch((error: unknown) => {
    throw /^Conversion Error/.test(String((error as Error).message)) ? new Error('INVALID_CAST_ARGUMENT: Cannot cast DOUBLE') : error;
  });
  const types = reader.columnTypes().map((type) => glueType(String(type)));
  const columns = reader.deduplicatedColumnNames().map((name, index) => ({ name, type: types[index] ?? 'varchar' }));
  const rows = reader.getRows().map((row) => row.map(asText));
  return { columns, rows, bytesScanned: 12_345_678 };
}

/**
 * `element_at` answers with the value in Athena, and with a list in DuckDB. Athena casts a double by its shortest text, DuckDB by its
 * binary value.
 */
function toDuckDb(statement: string): string {
  return statement
    .replaceAll('element_at(', 'map_extract_value(')
    .replace(/CAST\(("\w+") AS DECIMAL\(38,10\)\)/g, 'CAST(CAST($1 AS VARCHAR) AS DECIMAL(38,10))');
}

function asText(value: DuckDBValue): string | undefined {
  return value === null ? undefined : String(value);
}

function glueType(type: string): string {
  return GLUE_TYPES.find(([pattern]) => pattern.test(type))?.[1] ?? 'varchar';
}

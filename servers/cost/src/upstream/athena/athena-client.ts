import { randomUUID } from 'node:crypto';
import { sleep } from '@fairway-mcp/async';
import { type Aws, AwsError, answered, listed, type Service } from '@fairway-mcp/aws';
import { ToolError } from '@fairway-mcp/kit';
import { unitsOfText } from '../../bill/units.ts';
import type { Cell } from '../sql/rows.ts';
import type { Sql } from '../sql/sql.ts';
import { queryFailure } from './query-failure.ts';

export interface AthenaSettings {
  catalog: string;
  database: string;
  table: string;
  workgroup: string;
  /** Where Athena writes its results. Default: what the workgroup says. */
  output?: string;
  /** A query that has read this much is stopped. */
  cutoffBytes: number;
}

export interface QueryAnswer {
  rows: Cell[][];
  bytesScanned: number;
}

type Types = readonly [name: string, type: string][];

export interface TableDescription {
  columns: Types;
  partitions: Types;
}

const START = 'athena:StartQueryExecution';
const STATE = 'athena:GetQueryExecution';
const RESULTS = 'athena:GetQueryResults';
const TABLE = 'athena:GetTableMetadata';

const PAGE_ROWS = 1_000;
/** Each page takes a call: more would outlast every client. */
const MAX_ROWS = 100_000;
const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 2_000;
const STOP_TIMEOUT_MS = 5_000;

/** Runs statements in Athena. What a caller does not wait for any more is stopped, because reading costs money. */
export class AthenaClient {
  readonly #aws: Aws;
  readonly #settings: AthenaSettings;

  constructor(aws: Aws, settings: AthenaSettings) {
    this.#aws = aws;
    this.#settings = settings;
  }

  /** @throws AwsError; the signal's reason */
  async describeTable(signal: AbortSignal): Promise<TableDescription> {
    const { client, GetTableMetadataCommand } = await this.#open();
    const { catalog, database, table, workgroup } = this.#settings;
    const command = new GetTableMetadataCommand({ CatalogName: catalog, DatabaseName: database, TableName: table, WorkGroup: workgroup });
    const { TableMetadata } = await answered(TABLE, signal, client.send(command, { abortSignal: signal }));
    return { columns: typesOf(TableMetadata?.Columns), partitions: typesOf(TableMetadata?.PartitionKeys) };
  }

  /** @throws ToolError when the query fails; AwsError; the signal's reason, after the query was stopped */
  async query(statement: Sql, signal: AbortSignal): Promise<QueryAnswer> {
    const id = await this.#start(statement, signal);
    try {
      const bytesScanned = await this.#wait(id, signal);
      return { rows: await this.#rows(id, signal), bytesScanned };
    } catch (error) {
      await this.#stop(id);
      throw error;
    }
  }

  /** The token makes AWS take a repeated request for the same query. */
  async #start({ text, values }: Sql, signal: AbortSignal): Promise<string> {
    const { client, StartQueryExecutionCommand } = await this.#open();
    const { catalog, database, workgroup, output } = this.#settings;
    const command = new StartQueryExecutionCommand({
      QueryString: text,
      ...(values.length > 0 && { ExecutionParameters: values.map(literal) }),
      ClientRequestToken: randomUUID(),
      QueryExecutionContext: { Catalog: catalog, Database: database },
      WorkGroup: workgroup,
      ...(output !== undefined && { ResultConfiguration: { OutputLocation: output } }),
    });
    const { QueryExecutionId } = await answered(START, signal, client.send(command, { abortSignal: signal }));
    if (QueryExecutionId === undefined) throw new AwsError(START, 'invalid_answer', 'MissingId');
    return QueryExecutionId;
  }

  /** @returns the bytes that were read */
  async #wait(id: string, signal: AbortSignal): Promise<number> {
    const { client, GetQueryExecutionCommand } = await this.#open();
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_WAIT_MS)) {
      const command = new GetQueryExecutionCommand({ QueryExecutionId: id });
      const { QueryExecution } = await answered(STATE, signal, client.send(command, { abortSignal: signal }));
      const { State, StateChangeReason, AthenaError } = QueryExecution?.Status ?? {};
      const bytes = QueryExecution?.Statistics?.DataScannedInBytes ?? 0;
      if (State === 'SUCCEEDED') return bytes;
      if (State === 'FAILED') throw queryFailure(StateChangeReason ?? AthenaError?.ErrorMessage ?? '');
      if (State === 'CANCELLED') throw queryFailure(StateChangeReason ?? 'The query was cancelled by somebody else.');
      if (State === undefined) throw new AwsError(STATE, 'invalid_answer', 'MissingState');
      if (bytes > this.#settings.cutoffBytes) throw tooMuchRead(this.#settings.cutoffBytes);
      await sleep(waitMs, signal);
    }
  }

  async #rows(id: string, signal: AbortSignal): Promise<Cell[][]> {
    const { client, GetQueryResultsCommand } = await this.#open();
    const rows: Cell[][] = [];
    let token: string | undefined;
    let isFirst = true;
    do {
      const command = new GetQueryResultsCommand({
        QueryExecutionId: id,
        MaxResults: PAGE_ROWS,
        ...(token !== undefined && { NextToken: token }),
      });
      const { ResultSet, NextToken } = await answered(RESULTS, signal, client.send(command, { abortSignal: signal }));
      const types = listed(RESULTS, ResultSet?.ResultSetMetadata?.ColumnInfo).map(({ Type = '' }) => Type);
      const page = listed(RESULTS, ResultSet?.Rows);
      // The first row of all names the columns.
      for (const { Data = [] } of isFirst ? page.slice(1) : page)
        rows.push(types.map((type, index) => cell(Data[index]?.VarCharValue, type)));
      if (rows.length > MAX_ROWS) throw tooManyRows();
      token = NextToken;
      isFirst = false;
    } while (token !== undefined);
    return rows;
  }

  /** Nobody waits for it, and a query that has ended cannot be stopped: neither is an error. */
  async #stop(id: string): Promise<void> {
    const { client, StopQueryExecutionCommand } = await this.#open();
    const signal = AbortSignal.timeout(STOP_TIMEOUT_MS);
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: signal }).catch(() => undefined);
  }

  async #open(): Promise<Service<'athena'>> {
    return this.#aws.open('athena', { region: await this.#aws.homeRegion() });
  }
}

/** Parameters are SQL literals. */
function literal(value: string | readonly string[]): string {
  if (typeof value !== 'string') throw new TypeError('Athena takes no lists.');
  return `'${value.replaceAll("'", "''")}'`;
}

function cell(text: string | undefined, type: string): Cell {
  if (text === undefined) return undefined;
  if (/^(?:bigint|integer)$/.test(type)) return BigInt(text);
  return type.startsWith('decimal') ? unitsOfText(text) : text;
}

function typesOf(columns: readonly { Name?: string | undefined; Type?: string | undefined }[] | undefined): Types {
  return (columns ?? []).map(({ Name = '', Type = '' }): [string, string] => [Name, Type]);
}

function tooMuchRead(cutoffBytes: number): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `The query was stopped after it had read more than ${Math.round(cutoffBytes / 1e6).toLocaleString('en-US')} MB, which AWS charges for.`,
    remedy: 'Ask for a later start of the period, or let the operator raise --athena-cutoff-mb.',
  });
}

function tooManyRows(): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `The answer has more than ${MAX_ROWS.toLocaleString('en-US')} rows.`,
    remedy: 'Ask for a shorter period, fewer groupings, a coarser granularity, or filter.',
  });
}

import { JSON_ERRORS } from '../../common-errors.ts';
import type { Call, JsonService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { type JsonInput, outOfRange } from '../../wire/json-input.ts';
import { withParameters } from './parameters.ts';

export interface AthenaResult {
  columns: readonly { name: string; type: string }[];
  /** As text; `undefined` for NULL. */
  rows: readonly (readonly (string | undefined)[])[];
  bytesScanned: number;
}

export interface AthenaTable {
  columns: readonly { name: string; type: string }[];
  partitions: readonly { name: string; type: string }[];
}

/** What a test answers queries with: an engine, or made-up rows. */
export interface AthenaBackend {
  /** By `database.table`. */
  tables: Readonly<Record<string, AthenaTable>>;
  /** What it rejects with is the reason of the failure, in Athena's words: `INVALID_CAST_ARGUMENT: …`. */
  run(statement: string): Promise<AthenaResult>;
  /** How many calls still show a query as running once it has ended. Default 1. */
  runningReads?: number;
  /** What queries show as read while they run. Default 0. */
  bytesWhileRunning?: number;
}

type State = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

interface Query {
  id: string;
  statement: string;
  state: State;
  reason?: string;
  result?: AthenaResult;
  readsLeft: number;
}

const MAX_ROWS = 1_000;

/** Athena, for the option `services`. Queries run by themselves, and are shown as running for some calls. */
export class AthenaQueries {
  /** Every statement that was started, with its parameters in place. */
  readonly statements: string[] = [];
  readonly stopped: string[] = [];
  readonly #backend: AthenaBackend;
  readonly #queries = new Map<string, Query>();

  constructor(backend: AthenaBackend) {
    this.#backend = backend;
  }

  /** Source: https://docs.aws.amazon.com/athena/latest/APIReference/ */
  readonly service: JsonService = {
    name: 'athena',
    protocol: 'json-1.1',
    target: 'AmazonAthena',
    errors: {
      ...JSON_ERRORS,
      throttled: { code: 'TooManyRequestsException', status: 400, message: 'Rate exceeded' },
      badToken: { code: 'InvalidRequestException', status: 400, message: 'Invalid nextToken' },
      internal: { code: 'InternalServerException', status: 500, message: 'Internal server error' },
    },
    operations: {
      StartQueryExecution: (input, call) => this.#start(input, call),
      GetQueryExecution: (input) => this.#get(input),
      GetQueryResults: (input, call) => this.#results(input, call),
      StopQueryExecution: (input) => this.#stop(input),
      GetTableMetadata: (input) => this.#table(input),
    },
  };

  #start(input: JsonInput, { state, account, region }: Call): object {
    const token = input.text('ClientRequestToken');
    if (token !== undefined && (token.length < 32 || token.length > 128))
      throw invalid('ClientRequestToken must have 32 to 128 characters');
    const parameters = input.fingerprint(['ClientRequestToken']);
    const mismatch = () => invalid('Idempotent parameters do not match');
    return state.once({ scope: `athena/${account}/${region}`, token, parameters }, mismatch, () => {
      const statement = withParameters(input.text('QueryString') ?? '', input.texts('ExecutionParameters'));
      const id = `query-${this.statements.push(statement)}`;
      const query: Query = { id, statement, state: 'RUNNING', readsLeft: this.#backend.runningReads ?? 1 };
      this.#queries.set(id, query);
      this.#backend.run(statement).then(
        (result) => settle(query, 'SUCCEEDED', { result }),
        (error: unknown) => settle(query, 'FAILED', { reason: error instanceof Error ? error.message : String(error) }),
      );
      return { QueryExecutionId: id };
    });
  }

  #get(input: JsonInput): object {
    const query = this.#find(input);
    const isRunning = query.state === 'RUNNING' || query.readsLeft > 0;
    if (query.state !== 'RUNNING' && query.state !== 'CANCELLED') query.readsLeft -= 1;
    const shown = isRunning && query.state !== 'CANCELLED' ? 'RUNNING' : query.state;
    const bytes = shown === 'RUNNING' ? (this.#backend.bytesWhileRunning ?? 0) : (query.result?.bytesScanned ?? 0);
    return {
      QueryExecution: {
        QueryExecutionId: query.id,
        Query: query.statement,
        Status: { State: shown, ...(shown === 'FAILED' && { StateChangeReason: query.reason }) },
        Statistics: { DataScannedInBytes: bytes },
      },
    };
  }

  #results(input: JsonInput, { pager }: Call): object {
    const query = this.#find(input);
    const limit = input.integer('MaxResults') ?? MAX_ROWS;
    const problem = outOfRange('maxResults', limit, 1, MAX_ROWS);
    if (problem !== undefined) throw invalid(problem);
    const { result } = query;
    if (result === undefined) throw invalid(`Query has not yet finished. Current state: ${query.state}`);
    const rows = [result.columns.map(({ name }) => name), ...result.rows];
    const page = pager.page(rows, { listing: `athena/${query.id}`, limit, token: input.text('NextToken') });
    return {
      ResultSet: {
        Rows: page.items.map((row) => ({ Data: row.map((text) => (text === undefined ? {} : { VarCharValue: text })) })),
        ResultSetMetadata: { ColumnInfo: result.columns.map(({ name, type }) => ({ Name: name, Type: type })) },
      },
      ...(page.next !== undefined && { NextToken: page.next }),
    };
  }

  #stop(input: JsonInput): object {
    const query = this.#find(input);
    this.stopped.push(query.id);
    if (query.state === 'RUNNING') settle(query, 'CANCELLED', {});
    return {};
  }

  #table(input: JsonInput): object {
    const name = `${input.text('DatabaseName')}.${input.text('TableName')}`;
    const table = Object.hasOwn(this.#backend.tables, name) ? this.#backend.tables[name] : undefined;
    if (table === undefined) throw new ServiceError('MetadataException', `EntityNotFoundException: Table ${name} not found.`);
    const list = (columns: AthenaTable['columns']) => columns.map(({ name: Name, type: Type }) => ({ Name, Type }));
    return { TableMetadata: { Name: input.text('TableName'), Columns: list(table.columns), PartitionKeys: list(table.partitions) } };
  }

  #find(input: JsonInput): Query {
    const id = input.text('QueryExecutionId') ?? '';
    const query = this.#queries.get(id);
    if (query === undefined) throw invalid(`QueryExecution ${id} was not found`);
    return query;
  }
}

/** What has ended stays as it is. */
function settle(query: Query, state: State, outcome: Pick<Query, 'reason' | 'result'>): void {
  if (query.state === 'RUNNING') Object.assign(query, { state, ...outcome });
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidRequestException', message);
}

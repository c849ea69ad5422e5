import type { Charge } from '@fairway-mcp/aws-sample';
import type { CommonErrors } from './common-errors.ts';
import type { Caller, Credentials } from './credentials.ts';
import type { Faults } from './faults.ts';
import type { ObjectStore } from './objects.ts';
import type { Pager } from './paging.ts';
import type { Region } from './regions.ts';
import type { State } from './state.ts';
import type { ServiceError } from './wire/errors.ts';
import type { HttpAnswer, HttpRequest } from './wire/http.ts';
import type { JsonInput } from './wire/json-input.ts';
import type { QueryInput } from './wire/query-input.ts';
import type { XmlRecord } from './wire/xml.ts';

/** What an operation knows of its call and of the organization. */
export interface Call {
  account: string;
  region: string;
  caller: Caller;
  state: State;
  pager: Pager;
  credentials: Credentials;
  faults: Faults;
  objects: ObjectStore;
  regions: readonly Region[];
  /** Milliseconds since the epoch. */
  now: number;
  /** The address that the client used, for services that answer with URLs: `http://127.0.0.1:1234`. */
  origin: string;
  settings: ServiceSettings;
}

/** What tests may set of the services' own behavior. */
export interface ServiceSettings {
  externalId: string | undefined;
  assumableRoles: readonly string[] | undefined;
  resourceLevelCosts: boolean;
  bill: readonly Charge[] | undefined;
  bucketRegions: boolean;
  tagPolicy: object | undefined;
}

export type QueryOperation = (input: QueryInput, call: Call) => XmlRecord;
/** `undefined`: an answer without a body. */
export type JsonOperation = (input: JsonInput, call: Call) => object | undefined;

interface ServiceBase {
  /** Signing name. */
  name: string;
  /** What IAM calls the service in actions, where that is not the signing name: `tag`. */
  actionPrefix?: string;
  errors: CommonErrors;
}

export interface QueryService extends ServiceBase {
  protocol: 'query' | 'ec2';
  version: string;
  namespace: string;
  operations: Readonly<Record<string, QueryOperation>>;
}

export interface JsonService extends ServiceBase {
  protocol: 'json-1.0' | 'json-1.1';
  /** What `X-Amz-Target` begins with. */
  target: string;
  /** Precedes error names, such as `com.amazonaws.dynamodb.v20120810`. */
  errorNamespace?: string;
  operations: Readonly<Record<string, JsonOperation>>;
}

export interface RestInput {
  /** What the path's groups match, percent-decoded. */
  path: readonly string[];
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface RestAnswer {
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** JSON or XML as text, or the bytes of an object; empty for none. */
  body: string | Buffer;
}

export interface RestOperation {
  method: string;
  path: RegExp;
  /** A query parameter that must be there: `tagging`. Operations with one come before those without. */
  flag?: string;
  /** The IAM action, where it is not the operation's name. */
  action?: string;
  run(input: RestInput, call: Call): RestAnswer;
}

export interface RestService extends ServiceBase {
  protocol: 'rest-json' | 'rest-xml';
  operations: Readonly<Record<string, RestOperation>>;
  /** Brings host-style requests into the form that the operations' paths expect. */
  normalize?(request: HttpRequest): HttpRequest;
}

export type Service = QueryService | JsonService | RestService;

/** A request whose operation is known. */
export interface ResolvedOperation {
  name: string;
  /** For access-denied messages: `ec2:DescribeInstances`. */
  action: string;
  run(call: Call, requestId: string): HttpAnswer;
}

export interface Protocol<S extends Service> {
  /** @throws ServiceError when the service has no such operation. */
  resolve(service: S, request: HttpRequest): ResolvedOperation;
  error(service: S, error: ServiceError, requestId: string, request: HttpRequest): HttpAnswer;
}

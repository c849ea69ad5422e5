import type { Principal } from '@fairway-mcp/auth';
import type { Observation } from '@fairway-mcp/telemetry';
import type * as z from 'zod';
import type { Caller } from '../protocol/caller.ts';
import type { ErrorKind } from '../protocol/errors.ts';

export type Trace = Pick<Observation, 'traceId' | 'spanId'>;

/** One request on its way through the pipeline: for a tool, a resource, a prompt or another method. */
export interface PipelineRequest {
  /** As the audit trail names it. */
  name: string;
  /** What the principal must be allowed to do; `undefined` where every principal may. */
  scope: string | undefined;
  caller: Caller;
  /** As they were given; once they are valid, in the form that the schema describes. */
  arguments: unknown;
  /** Whether it may change something. */
  isWrite: boolean;
  /** Of the arguments, where there is one: it tells which of them may be recorded. */
  schema?: z.ZodObject;
  /** The JSON-RPC error code of a failure, where no result can carry its kind. */
  errorCodeOf?: (kind: ErrorKind) => number;
  observation: Observation;
}

/**
 * Passes a request through authorize → admit → `work` → record. The work waits while others keep the process busy; its time counts from `arrivedAt`,
 * in milliseconds of `performance.now()`.
 */
export type HandleRequest = <T>(request: PipelineRequest, work: (arrivedAt: number) => Promise<T> | T) => Promise<T>;

/**
 * Admits work that is not recorded: requests about the caller's own tasks, and completions. It has a limit of its own, so that tasks can be
 * looked at and cancelled while as many calls run as may.
 * @throws ToolError `rate_limited`
 */
export type Admit = <T>(principal: Principal, method: string, work: () => Promise<T>) => Promise<T>;

/** What a request is, for telemetry. Names that the server does not know are left out: they could be anything. */
export interface RequestLabels {
  /** `tools/call`, `resources/read`, … */
  method: string;
  tool?: string;
  prompt?: string;
  /** The URI or URI template of the resource. */
  resource?: string;
}

/** Starts the observation of a request. */
export type Observe = (caller: Caller, labels: RequestLabels) => Observation;

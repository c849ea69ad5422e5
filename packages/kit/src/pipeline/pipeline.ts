import type { Instruments, Observation, Operation } from '@fairway-mcp/telemetry';
import { didYouMean } from '@fairway-mcp/validation';
import { ProtocolError, ResourceNotFoundError } from '@modelcontextprotocol/server';
import type * as z from 'zod';
import type { Catalog, CompiledTool } from '../define/catalog.ts';
import type { Caller } from '../protocol/caller.ts';
import { type ErrorKind, ToolError } from '../protocol/errors.ts';
import { INVALID_PARAMS } from '../protocol/json-rpc.ts';
import type { Tasks } from '../tasks/tasks.ts';
import type { Occupancy } from '../util/in-flight.ts';
import type { Admission } from './admit.ts';
import { authorize, ScopeError } from './authorize.ts';
import { AskPerson } from './confirmations.ts';
import type { Answer, Outcome } from './outcome.ts';
import { type RecordDependencies, record } from './record.ts';
import { AlreadyDone, type RunDependencies, runRead, runWrite } from './run.ts';
import { publicError, shape, shapeError } from './shape.ts';
import { validate } from './validate.ts';

export interface WayDependencies extends RunDependencies, RecordDependencies {
  catalog: Catalog;
  admission: Admission;
  /** Largest answer in bytes. */
  budgetBytes: number;
  instruments: Instruments;
  /** Everything between its beginning and its durable record. */
  underway: Occupancy;
  /** Where there are tools that run long. */
  tasks?: Tasks;
}

/** One thing that a caller asks for: a tool, a resource or a prompt. */
export interface Errand {
  /** As the audit trail names it. */
  name: string;
  scope: string;
  caller: Caller;
  arguments: unknown;
  /** Of the arguments, where there is one. */
  schema?: z.ZodObject;
  /** The JSON-RPC error code of a failure, where it is not told in a result. */
  codeOf?: (kind: ErrorKind) => number;
  observation: Observation;
}

/** Begins to watch something that a caller asks for. */
export function observe({ instruments }: WayDependencies, caller: Caller, what: Omit<Operation, 'traceparent' | 'facts'>): Observation {
  return instruments.begin({ ...what, traceparent: caller.meta?.traceparent, facts: () => caller.facts() });
}

/**
 * The part of the way that everything goes: authorize → admit → `work` → record.
 * @throws ToolError for any failure, ScopeError when the caller may not, AskPerson when the person has to be asked, ProtocolError as it is.
 */
export async function accompany<T>(dependencies: WayDependencies, errand: Errand, work: () => Promise<T> | T): Promise<T> {
  dependencies.underway.enter();
  try {
    return await walk(dependencies, errand, work);
  } finally {
    dependencies.underway.leave();
  }
}

async function walk<T>(dependencies: WayDependencies, errand: Errand, work: () => Promise<T> | T): Promise<T> {
  const { caller, name, observation } = errand;
  const started = performance.now();
  const end = (outcome: string, { code, error }: { code?: number | undefined; error?: ToolError } = {}) => {
    observation.end(outcome === 'ok' || outcome === 'asked' ? undefined : { kind: outcome, code });
    return record(dependencies, {
      tool: name,
      principal: caller.principal.id,
      trace: observation,
      arguments: errand.arguments,
      schema: errand.schema,
      durationMs: performance.now() - started,
      outcome,
      error,
    });
  };
  let result: T;
  try {
    authorize(caller.principal, errand.scope);
    dependencies.admission.enter(caller.principal.id, name);
    try {
      result = await work();
    } finally {
      dependencies.admission.leave();
    }
  } catch (thrown) {
    const outcome = outcomeOf(thrown);
    if (outcome !== undefined) {
      await end(outcome, { code: thrown instanceof ProtocolError ? thrown.code : undefined });
      throw thrown;
    }
    const error = publicError(thrown, caller.signal.aborted);
    await end(error.kind, { error, code: errand.codeOf?.(error.kind) });
    throw error;
  }
  await end('ok');
  return result;
}

/** What is recorded of something thrown that is no failure of the tool; `undefined` for failures. */
function outcomeOf(thrown: unknown): string | undefined {
  if (thrown instanceof ScopeError) return 'forbidden';
  if (thrown instanceof AskPerson) return 'asked';
  if (thrown instanceof ResourceNotFoundError) return 'not_found';
  return thrown instanceof ProtocolError ? 'protocol_error' : undefined;
}

/** One call of a tool, as a transport hands it over: size, depth, Host and the caller's identity have been seen to. */
export interface ToolCall {
  name: string;
  arguments: unknown;
  caller: Caller;
}

/** A tool call, whole: walked to its end, or turned into a task that goes on by itself. Never rejects. */
export async function callTool(dependencies: WayDependencies, call: ToolCall): Promise<Outcome> {
  const { tasks, catalog } = dependencies;
  const tool = catalog.tools.get(call.name);
  if (tool !== undefined && tasks?.accepts(tool, call.caller) === true) return tasks.call(tool, call.arguments, call.caller);
  return runToEnd(dependencies, call);
}

/** The whole way of a tool call: authorize → admit → validate → run → shape → record. Never rejects. */
export async function runToEnd(dependencies: WayDependencies, call: ToolCall): Promise<Outcome> {
  const tool = dependencies.catalog.tools.get(call.name);
  if (tool === undefined) return noSuchTool(dependencies, call);
  const { caller, arguments: given } = call;
  const { name } = tool.definition;
  const observation = observe(dependencies, caller, { method: 'tools/call', tool: name });
  const { traceId } = observation;
  const errand = { name, scope: tool.scope, caller, arguments: given, schema: tool.input, observation };
  try {
    return await accompany(dependencies, errand, () => answer(dependencies, tool, { given, caller, trace: observation }));
  } catch (thrown) {
    if (thrown instanceof AskPerson) return thrown.question;
    if (thrown instanceof ScopeError)
      return { kind: 'forbidden', scope: thrown.scope, answer: shapeError(forbidden(thrown.scope), traceId) };
    return shapeError(publicError(thrown, false), traceId);
  }
}

async function answer(
  dependencies: WayDependencies,
  tool: CompiledTool,
  { given, caller, trace }: { given: unknown; caller: Caller; trace: Observation },
): Promise<Answer> {
  const input = validate(tool, given);
  const run = tool.definition.access === 'read' ? runRead : runWrite;
  try {
    return shape(tool, input, await run(dependencies, tool, { input, caller, trace }), dependencies.budgetBytes);
  } catch (thrown) {
    if (thrown instanceof AlreadyDone) return shape(tool, input, JSON.parse(thrown.answer), dependencies.budgetBytes);
    throw thrown;
  }
}

export function forbidden(scope: string): ToolError {
  return new ToolError({
    kind: 'forbidden',
    message: `This caller may not do that: it needs the scope ${scope}.`,
    remedy: 'Ask the operator for a credential with that scope.',
  });
}

/** Of the name, which could be anything, nothing is told to a collector. */
function noSuchTool(dependencies: WayDependencies, { name, caller }: ToolCall): Outcome {
  observe(dependencies, caller, { method: 'tools/call' }).end({ kind: 'not_found', code: INVALID_PARAMS });
  const { catalog } = dependencies;
  const names = [...catalog.listed.map((tool) => tool.definition.name), ...catalog.raw.tools.keys()];
  return { kind: 'no such tool', message: `There is no tool of that name.${didYouMean(name, names)} Tools: ${names.join(', ')}.` };
}

import { isTurnLong, nextTurn } from '@fairway-mcp/async';
import type { Principal } from '@fairway-mcp/auth';
import type { WriteJournal } from '@fairway-mcp/store';
import type { AuditTrail, Instruments, Log } from '@fairway-mcp/telemetry';
import { didYouMean } from '@fairway-mcp/validation';
import { announcesChanges, type Catalog } from '../define/catalog.ts';
import type { Caller } from '../protocol/caller.ts';
import { InFlight } from '../util/in-flight.ts';
import { Admission, type AdmissionLimits } from './admit.ts';
import { authorize, ScopeError } from './authorize.ts';
import { type Complete, createCompletion } from './completion.ts';
import { ConfirmationPending, type Confirmations } from './confirmations.ts';
import { createReadContext, type ToolRun } from './context.ts';
import { readPage } from './cursor.ts';
import { Deadlines } from './deadlines.ts';
import { errorAnswer, forbidden, publicError } from './errors.ts';
import type { Answer, Outcome } from './outcome.ts';
import { createPromptGetter, type GetPrompt } from './prompts.ts';
import { createRecorder, type Recorder } from './record.ts';
import type { Admit, HandleRequest, Observe, Trace } from './request.ts';
import type { ResourceChanges } from './resource-changes.ts';
import { createResourceLister, type ListResources } from './resource-list.ts';
import { createResourceReader, type ReadResource } from './resources.ts';
import { createToolRunner, type RunTool } from './run.ts';
import { shape } from './shape.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import { requestOfUnknown, UnknownNameError } from './unknown-name.ts';
import { validate } from './validate.ts';

export interface PipelineOptions {
  catalog: Catalog;
  services: unknown;
  log: Log;
  audit: AuditTrail;
  /** Whether audit rows of reads are flushed to the disk before the answer, as those of writes are. */
  flushReads: boolean;
  instruments: Instruments;
  changes: ResourceChanges;
  confirmations: Confirmations;
  journal: () => Promise<WriteJournal>;
  limits: PipelineLimits;
}

export interface PipelineLimits extends AdmissionLimits {
  /** How long a call may take, in milliseconds. */
  timeoutMs: number;
  /** Largest answer in bytes. */
  responseBudgetBytes: number;
}

/** One call of a tool. The transport has checked size, depth, Host and who is calling. */
export interface ToolCall {
  name: string;
  arguments: unknown;
  caller: Caller;
  /** The caller does not wait for the answer: the call is a task. */
  withoutDeadline?: true;
}

/** What requests pass through between a transport and the functions of a server. */
export interface Pipeline {
  /** Never rejects. */
  callTool(call: ToolCall): Promise<Outcome>;
  readonly readResource: ReadResource;
  /** `undefined` where the list is the same for every caller. */
  readonly listResources: ListResources | undefined;
  /** `undefined` where no resource is announced to change. */
  readonly subscriptions: Subscriptions | undefined;
  readonly getPrompt: GetPrompt;
  readonly complete: Complete;
  /** For requests that the pipeline has no function for. */
  readonly handle: HandleRequest;
  readonly admit: Admit;
  /** Counts a request that is answered at once. @throws ToolError `rate_limited` */
  limitRate(principal: Principal, method: string): void;
  /** For requests that are answered without the pipeline. */
  readonly observe: Observe;
  /** How many calls count against the concurrency limit now. */
  runningCalls(): number;
  /** Stops counting a call while it waits for its user. @returns a function that counts it again. */
  pauseCall(): () => void;
  /** Resolves when everything in flight has been recorded, or after the given time. */
  settled(timeoutMs: number): Promise<void>;
}

/** Clients poll each of their tasks once a second: at the rate of calls they could not have more than a few. */
const POLL = 'tasks/get';
const POLL_COST = 0.1;

/** Creates the pipeline of a server: authorize → admit → validate → run → shape → record. Authentication is the transport's. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { catalog, services, log, instruments, limits } = options;
  const shared = { services, log, instruments };
  const admission = new Admission(limits);
  const inFlight = new InFlight();
  const recorder = createRecorder({ server: catalog.server, log, audit: options.audit, flushReads: options.flushReads });
  const run = createToolRunner({ shared, deadlines: new Deadlines(), confirmations: options.confirmations, journal: options.journal });
  const handle = createRequestHandler(admission, recorder, inFlight);
  const observe: Observe = (caller, labels) =>
    instruments.begin({ ...labels, traceparent: caller.meta?.traceparent, facts: () => caller.facts() });
  const createContext = (caller: Caller, trace: Trace) => createReadContext(shared, { caller, trace, timeoutMs: limits.timeoutMs });
  const admit: Admit = (principal, method, work) => admission.runShort(principal.id, method, method === POLL ? POLL_COST : 1, work);
  const reading = { catalog, handle, admit, observe, createContext };
  return {
    callTool: createToolCaller({ catalog, handle, observe, run, limits, services }),
    readResource: createResourceReader(reading),
    listResources: catalog.hasDynamicList ? createResourceLister(reading) : undefined,
    subscriptions: announcesChanges(catalog) ? createSubscriptions(options.changes, reading) : undefined,
    getPrompt: createPromptGetter(reading),
    complete: createCompletion(reading),
    handle,
    admit,
    limitRate: (principal, method) => admission.limitRate(principal.id, method),
    observe,
    runningCalls: () => admission.running,
    pauseCall: () => admission.pause(),
    settled: (timeoutMs) => inFlight.settled(timeoutMs),
  };
}

/** The steps of every request, whatever its method. However it ends, it is recorded. */
function createRequestHandler(admission: Admission, recorder: Recorder, inFlight: InFlight): HandleRequest {
  return async (request, work) => {
    const started = performance.now();
    const { principal } = request.caller;
    inFlight.start();
    try {
      let result: Awaited<ReturnType<typeof work>>;
      try {
        if (request.scope !== undefined) authorize(principal, request.scope);
        admission.start(principal.id, request.name);
        try {
          if (isTurnLong(started)) await ownTurn(request.caller.signal);
          const working = work(started);
          result = (working instanceof Promise ? await working : working) as typeof result;
        } finally {
          admission.finish();
        }
      } catch (thrown) {
        throw await recorder.failure(request, started, thrown);
      }
      await recorder.success(request, started);
      return result;
    } finally {
      inFlight.finish();
    }
  };
}

/** Other requests, timers and answers go first. @throws the signal's reason when the caller has left in the meantime */
async function ownTurn(signal: AbortSignal): Promise<void> {
  await nextTurn();
  signal.throwIfAborted();
}

interface ToolCallerOptions {
  catalog: Catalog;
  handle: HandleRequest;
  observe: Observe;
  run: RunTool;
  limits: PipelineLimits;
  services: unknown;
}

/** The steps of a tool call: the work between admit and record is validate → run → shape. */
function createToolCaller({ catalog, handle, observe, run, limits, services }: ToolCallerOptions): Pipeline['callTool'] {
  return async ({ name, arguments: given, caller, withoutDeadline }) => {
    const tool = catalog.tools.get(name);
    if (tool === undefined) return refuseUnknownTool({ catalog, handle, observe }, name, caller);
    const trace = observe(caller, { method: 'tools/call', tool: tool.definition.name });
    const timeoutMs = withoutDeadline ? undefined : limits.timeoutMs;
    const { name: toolName, access } = tool.definition;
    const isWrite = access !== 'read';
    const request = { name: toolName, scope: tool.scope, caller, arguments: given, isWrite, schema: tool.input, observation: trace };
    try {
      return await handle(request, (arrivedAt) => {
        const { input, given: understood } = validate(tool, given);
        request.arguments = understood;
        const page = readPage(tool, input);
        const started: ToolRun = {
          input,
          caller,
          trace,
          arrivedAt,
          timeoutMs,
          snapshot: page?.snapshot,
          isLaterPage: page?.version !== undefined,
        };
        const finish = (output: unknown) => withAttached(shape(tool, output, limits.responseBudgetBytes, page, services), started);
        const running = run(tool, started);
        return running instanceof Promise ? running.then(finish) : finish(running);
      });
    } catch (thrown) {
      return failureOutcome(thrown, trace);
    }
  };
}

function withAttached(answer: Answer, { attached }: ToolRun): Answer {
  return attached === undefined ? answer : { ...answer, content: [...answer.content, ...attached] };
}

async function refuseUnknownTool(
  { catalog, handle, observe }: Pick<ToolCallerOptions, 'catalog' | 'handle' | 'observe'>,
  name: string,
  caller: Caller,
): Promise<Outcome> {
  const request = requestOfUnknown(observe, caller, 'tools/call', name);
  try {
    return await handle(request, () => {
      const names = catalog.listed.map((tool) => tool.definition.name);
      throw new UnknownNameError(`There is no tool of that name.${didYouMean(name, names)} Tools: ${names.join(', ')}.`);
    });
  } catch (thrown) {
    return thrown instanceof UnknownNameError
      ? { kind: 'no such tool', message: thrown.message }
      : failureOutcome(thrown, request.observation);
  }
}

function failureOutcome(thrown: unknown, { traceId }: Trace): Outcome {
  if (thrown instanceof ConfirmationPending) return thrown.outcome;
  if (thrown instanceof ScopeError)
    return { kind: 'forbidden', scope: thrown.scope, answer: errorAnswer(forbidden(thrown.scope), traceId) };
  return errorAnswer(publicError(thrown, false), traceId);
}

import type { Log } from '@fairway-mcp/telemetry';
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { callRaw, getRawPrompt } from '../conformance/call-raw.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import { getPrompt } from '../pipeline/get-prompt.ts';
import { callTool, forbidden, observe, type WayDependencies } from '../pipeline/pipeline.ts';
import { readingContext, readResource } from '../pipeline/read-resource.ts';
import { publicError, resultOf } from '../pipeline/shape.ts';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { errorCodeOf } from '../protocol/json-rpc.ts';
import { answerTaskRequest, TASK_METHODS } from '../tasks/protocol.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { createdResult, TASKS_EXTENSION } from '../tasks/view.ts';
import { createLists, LIST_HINT, type Lists } from './lists.ts';

/** What a running server says of itself. */
export interface Identity {
  name: string;
  title: string;
  version: string;
  description: string;
  instructions: string | undefined;
}

/** Who is at the other end of a request that the SDK dispatched. */
export type CallerOf = (context: ServerContext, server: Server) => Caller;

/** Makes SDK servers that share everything that can be shared. One serves all modern HTTP requests, one each legacy session. */
export type SdkServerFactory = (callerOf: CallerOf) => Server;

export function sdkServerFactory(dependencies: WayDependencies, identity: Identity): SdkServerFactory {
  const { catalog } = dependencies;
  const lists = createLists(catalog);
  const hasResources = catalog.resources.length > 0;
  const hasPrompts = lists.prompts.length > 0;
  const { instructions, ...info } = identity;
  const options = {
    capabilities: {
      tools: {},
      ...(hasResources && { resources: {} }),
      ...(hasPrompts && { prompts: {} }),
      ...((hasResources || hasPrompts) && { completions: {} }),
      ...(dependencies.tasks !== undefined && { extensions: { [TASKS_EXTENSION]: {} } }),
      ...catalog.raw.capabilities,
    },
    ...(instructions !== undefined && { instructions }),
    cacheHints: {
      'tools/list': LIST_HINT,
      'prompts/list': LIST_HINT,
      'resources/list': LIST_HINT,
      'resources/templates/list': LIST_HINT,
      'server/discover': LIST_HINT,
    },
  };
  return (callerOf) => {
    const server = new Server(info, options);
    server.setRequestHandler(
      'tools/list',
      observed(dependencies, server, callerOf, 'tools/list', () => ({ tools: lists.tools() })),
    );
    server.setRequestHandler('tools/call', ({ params }, context) => {
      const raw = catalog.raw.tools.get(params.name);
      const caller = callerOf(context, server);
      return raw === undefined ? answerCall(dependencies, params, caller) : callRaw(dependencies, raw, params, context, caller);
    });
    if (hasResources) offerResources(server, dependencies, lists, callerOf);
    if (hasPrompts) offerPrompts(server, dependencies, lists, callerOf);
    if (hasResources || hasPrompts) offerCompletion(server, dependencies, callerOf);
    if (dependencies.tasks !== undefined) offerTasks(server, dependencies, dependencies.tasks, callerOf);
    catalog.raw.setUp?.(server);
    return server;
  };
}

/** Gives an answer that is the same for everybody, seen by telemetry. */
function observed<T>(dependencies: WayDependencies, server: Server, callerOf: CallerOf, method: string, answer: () => T) {
  return (_request: unknown, context: ServerContext): T => {
    const observation = observe(dependencies, callerOf(context, server), { method });
    const result = answer();
    observation.end();
    return result;
  };
}

/** The client's capabilities as this request may rely on them. */
export function capabilitiesOf(context: ServerContext, server: Server): ClientCapabilities {
  const envelope = context.mcpReq.envelope as Record<string, unknown> | undefined;
  const declared = envelope === undefined ? server.getClientCapabilities() : envelope[CLIENT_CAPABILITIES_META_KEY];
  return (declared ?? {}) as ClientCapabilities;
}

async function answerCall(
  dependencies: WayDependencies,
  { name, arguments: given }: { name: string; arguments?: unknown },
  caller: Caller,
) {
  const outcome = await callTool(dependencies, { name, arguments: given, caller });
  if (outcome.kind === 'no such tool') throw new ProtocolError(ProtocolErrorCode.InvalidParams, outcome.message);
  if (outcome.kind === 'question') return inputRequired({ inputRequests: outcome.inputRequests, requestState: outcome.requestState });
  if (outcome.kind === 'task') return createdResult(outcome.task);
  return resultOf(outcome.kind === 'forbidden' ? outcome.answer : outcome);
}

function offerResources(server: Server, dependencies: WayDependencies, lists: Lists, callerOf: CallerOf): void {
  server.setRequestHandler(
    'resources/list',
    observed(dependencies, server, callerOf, 'resources/list', () => ({ resources: lists.resources })),
  );
  const templates = () => ({ resourceTemplates: lists.templates });
  server.setRequestHandler('resources/templates/list', observed(dependencies, server, callerOf, 'resources/templates/list', templates));
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const { content, mimeType } = await asProtocolError(readResource(dependencies, uri, callerOf(context, server)));
    const body = 'text' in content ? { text: content.text } : { blob: Buffer.from(content.bytes).toString('base64') };
    return { contents: [{ uri, mimeType, ...body }] };
  });
}

function offerPrompts(server: Server, dependencies: WayDependencies, lists: Lists, callerOf: CallerOf): void {
  server.setRequestHandler(
    'prompts/list',
    observed(dependencies, server, callerOf, 'prompts/list', () => ({ prompts: lists.prompts })),
  );
  server.setRequestHandler('prompts/get', async ({ params }, context) => {
    const { name, arguments: values = {} } = params;
    const caller = callerOf(context, server);
    const raw = dependencies.catalog.raw.prompts.get(name);
    if (raw !== undefined) return asProtocolError(getRawPrompt(dependencies, raw, params, context, caller));
    return { ...(await asProtocolError(getPrompt(dependencies, name, values, caller))) };
  });
}

function offerTasks(server: Server, dependencies: WayDependencies, tasks: Tasks, callerOf: CallerOf): void {
  for (const method of TASK_METHODS) {
    server.setRequestHandler(method, { params: z.looseObject({}) }, async (params, context) => {
      const reply = await answerTaskRequest(dependencies, tasks, { method, params, caller: callerOf(context, server) });
      if ('result' in reply) return reply.result;
      throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data);
    });
  }
}

const MAX_SUGGESTIONS = 100;

function offerCompletion(server: Server, dependencies: WayDependencies, callerOf: CallerOf): void {
  const { catalog } = dependencies;
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }, context) => {
    const source =
      ref.type === 'ref/prompt'
        ? ownValue(catalog.prompts.get(ref.name)?.arguments, argument.name)?.complete
        : ownValue(catalog.resources.find((resource) => resource.uri === ref.uri)?.complete, argument.name);
    const caller = callerOf(context, server);
    const observation = observe(dependencies, caller, { method: 'completion/complete' });
    const reading = readingContext(dependencies, { caller, trace: observation });
    const values = source === undefined ? [] : await suggestions(reading.log, () => source(argument.value, reading));
    observation.end();
    return { completion: { values: values.slice(0, MAX_SUGGESTIONS), total: values.length, hasMore: values.length > MAX_SUGGESTIONS } };
  });
}

/** A suggestion that cannot be made is no error: the person types on. */
async function suggestions(log: Log, ask: () => Promise<string[]> | string[]): Promise<string[]> {
  try {
    return await ask();
  } catch (error) {
    log.warn('Completion failed', { error });
    return [];
  }
}

function ownValue<T>(record: Record<string, T> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Outside of tools there is no result that says "error": failures are JSON-RPC errors, with the parts in `data`. */
async function asProtocolError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    const error = thrown instanceof ScopeError ? forbidden(thrown.scope) : publicError(thrown, false);
    throw new ProtocolError(errorCodeOf(error.kind), `${error.message} ${error.remedy}`, { kind: error.kind, remedy: error.remedy });
  }
}

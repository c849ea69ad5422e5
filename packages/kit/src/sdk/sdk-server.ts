import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server';
import * as z from 'zod';
import { announcesChanges, type Catalog } from '../define/catalog.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import { errorParts, forbidden, publicError } from '../pipeline/errors.ts';
import { resultOf } from '../pipeline/outcome.ts';
import type { Subscriber } from '../pipeline/resource-changes.ts';
import type { Caller, ClientCapabilities } from '../protocol/caller.ts';
import { answerTaskRequest, TASK_METHODS } from '../tasks/requests.ts';
import type { Tasks } from '../tasks/tasks.ts';
import { createdResult, TASKS_EXTENSION } from '../tasks/view.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import type { Identity } from './identity.ts';
import { createLists, DYNAMIC_LIST_HINT, LIST_HINT, type Lists } from './lists.ts';
import { PlainErrorsServer } from './plain-errors-server.ts';

/** Finds the caller of a request that the SDK dispatched. */
export type CallerOf = (context: ServerContext, server: Server) => Caller;

/** How clients are notified of changed resources: by `subscriptions/listen` (modern), or as the subscriber of their session (legacy). */
export type ChangeNotices = 'listen' | Subscriber;

/** Creates SDK servers. One serves all modern HTTP requests, one each legacy session. Without `notices` no subscriptions are offered. */
export type SdkServerFactory = (callerOf: CallerOf, notices?: ChangeNotices) => Server;

/** Additions in the protocol's own terms. */
export interface SdkExtension {
  capabilities?: ServerCapabilities;
  /** Called for every SDK server, after the kit has set its own handlers. */
  setUp(server: Server, callerOf: CallerOf): void;
}

export interface SdkServerOptions {
  catalog: Catalog;
  pipeline: TaskPipeline;
  identity: Identity;
  extension?: SdkExtension | undefined;
}

export function createSdkServerFactory(options: SdkServerOptions): SdkServerFactory {
  const { catalog, pipeline, identity, extension } = options;
  const lists = createLists(catalog);
  const { instructions, ...info } = identity;
  const serverOptions = { ...(instructions !== undefined && { instructions }), cacheHints: cacheHintsOf(catalog) };
  const [capabilities, notifying] = [capabilitiesOffered(options, false), capabilitiesOffered(options, true)];
  return (callerOf, notices) => {
    const server = new PlainErrorsServer(info, { ...serverOptions, capabilities: notices === undefined ? capabilities : notifying });
    const handlers = new Handlers(server, pipeline, lists, callerOf);
    handlers.offer(catalog);
    if (notices !== undefined && notices !== 'listen') handlers.offerSubscriptions(catalog, notices);
    extension?.setUp(server, callerOf);
    return server;
  };
}

function cacheHintsOf({ hasDynamicList }: Catalog) {
  return {
    'tools/list': LIST_HINT,
    'prompts/list': LIST_HINT,
    'resources/list': hasDynamicList ? DYNAMIC_LIST_HINT : LIST_HINT,
    'resources/templates/list': LIST_HINT,
    'server/discover': LIST_HINT,
  };
}

function capabilitiesOffered({ catalog, pipeline, extension }: SdkServerOptions, notifies: boolean): ServerCapabilities {
  const subscribe = catalog.hasSubscriptions && { subscribe: true };
  return {
    tools: {},
    ...(catalog.resources.length > 0 && { resources: notifies && announcesChanges(catalog) ? { listChanged: true, ...subscribe } : {} }),
    ...(catalog.prompts.size > 0 && { prompts: {} }),
    ...(offersCompletion(catalog) && { completions: {} }),
    ...(pipeline.tasks !== undefined && { extensions: { [TASKS_EXTENSION]: {} } }),
    ...extension?.capabilities,
  };
}

function offersCompletion({ resources, prompts }: Catalog): boolean {
  return resources.length > 0 || prompts.size > 0;
}

/** The client's capabilities that this request may rely on. */
export function capabilitiesOf(context: ServerContext, server: Server): ClientCapabilities {
  const envelope = context.mcpReq.envelope as Record<string, unknown> | undefined;
  const declared = envelope === undefined ? server.getClientCapabilities() : envelope[CLIENT_CAPABILITIES_META_KEY];
  return (declared ?? {}) as ClientCapabilities;
}

/** Calls a tool and translates the outcome into the SDK's terms. */
export async function answerToolCall(
  pipeline: TaskPipeline,
  { name, arguments: given }: { name: string; arguments?: unknown },
  caller: Caller,
) {
  const outcome = await pipeline.callTool({ name, arguments: given, caller });
  if (outcome.kind === 'no such tool') throw new ProtocolError(ProtocolErrorCode.InvalidParams, outcome.message);
  if (outcome.kind === 'input required') return inputRequired({ inputRequests: outcome.inputRequests, requestState: outcome.requestState });
  if (outcome.kind === 'task') return createdResult(outcome.task);
  return resultOf(outcome.kind === 'forbidden' ? outcome.answer : outcome);
}

/** Outside of tools no result can carry an error: failures are JSON-RPC errors, with the parts in `data`. */
export async function asProtocolError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    const error = thrown instanceof ScopeError ? forbidden(thrown.scope) : publicError(thrown, false);
    const { code, message, data } = errorParts(error);
    throw new ProtocolError(code, message, data);
  }
}

/** Sets the request handlers of one SDK server. */
class Handlers {
  readonly #server: Server;
  readonly #pipeline: TaskPipeline;
  readonly #lists: Lists;
  readonly #callerOf: CallerOf;

  constructor(server: Server, pipeline: TaskPipeline, lists: Lists, callerOf: CallerOf) {
    this.#server = server;
    this.#pipeline = pipeline;
    this.#lists = lists;
    this.#callerOf = callerOf;
  }

  /** Handles everything that the catalog has, except for subscriptions. */
  offer(catalog: Catalog): void {
    this.#offerTools();
    if (catalog.resources.length > 0) this.#offerResources();
    if (catalog.prompts.size > 0) this.#offerPrompts();
    if (offersCompletion(catalog)) this.#offerCompletion();
    if (this.#pipeline.tasks !== undefined) this.#offerTasks(this.#pipeline.tasks);
  }

  #offerTools(): void {
    const list = this.#listHandler('tools/list', () => ({ tools: this.#lists.tools() }));
    this.#server.setRequestHandler('tools/list', list);
    this.#server.setRequestHandler('tools/call', ({ params }, context) => answerToolCall(this.#pipeline, params, this.#caller(context)));
  }

  #offerResources(): void {
    this.#offerResourceList();
    const templates = this.#listHandler('resources/templates/list', () => ({ resourceTemplates: this.#lists.templates }));
    this.#server.setRequestHandler('resources/templates/list', templates);
    this.#server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
      const { content, mimeType } = await asProtocolError(this.#pipeline.readResource(uri, this.#caller(context)));
      const body = 'text' in content ? { text: content.text } : { blob: Buffer.from(content.bytes).toString('base64') };
      return { contents: [{ uri, mimeType, ...body }] };
    });
  }

  #offerResourceList(): void {
    const { listResources } = this.#pipeline;
    if (listResources === undefined) {
      const list = this.#listHandler('resources/list', () => ({ resources: this.#lists.resources }));
      return this.#server.setRequestHandler('resources/list', list);
    }
    this.#server.setRequestHandler('resources/list', async ({ params }, context) => ({
      ...(await asProtocolError(listResources(params?.cursor, this.#caller(context)))),
    }));
  }

  /** Notifies the subscriber of a legacy session. Without subscriptions in the pipeline nothing ever changes. */
  offerSubscriptions({ hasSubscriptions }: Catalog, subscriber: Subscriber): void {
    const { subscriptions } = this.#pipeline;
    if (subscriptions === undefined) return;
    this.#server.oninitialized = () => subscriber.start();
    if (!hasSubscriptions) return;
    this.#server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, context) => {
      await asProtocolError(subscriptions.subscribe(subscriber, uri, this.#caller(context)));
      subscriber.start();
      return {};
    });
    this.#server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }, context) => {
      const observation = this.#pipeline.observe(this.#caller(context), { method: 'resources/unsubscribe' });
      subscriber.unsubscribe(uri);
      observation.end();
      return {};
    });
  }

  #offerPrompts(): void {
    const list = this.#listHandler('prompts/list', () => ({ prompts: this.#lists.prompts }));
    this.#server.setRequestHandler('prompts/list', list);
    this.#server.setRequestHandler('prompts/get', async ({ params: { name, arguments: values = {} } }, context) => ({
      ...(await asProtocolError(this.#pipeline.getPrompt(name, values, this.#caller(context)))),
    }));
  }

  #offerCompletion(): void {
    this.#server.setRequestHandler('completion/complete', async ({ params }, context) => ({
      completion: { ...(await asProtocolError(this.#pipeline.complete(params, this.#caller(context)))) },
    }));
  }

  #offerTasks(tasks: Tasks): void {
    for (const method of TASK_METHODS) {
      this.#server.setRequestHandler(method, { params: z.looseObject({}) }, async (params, context) => {
        const reply = await answerTaskRequest(this.#pipeline, tasks, { method, params, caller: this.#caller(context) });
        if ('result' in reply) return reply.result;
        throw new ProtocolError(reply.error.code, reply.error.message, reply.error.data);
      });
    }
  }

  #caller(context: ServerContext): Caller {
    return this.#callerOf(context, this.#server);
  }

  /** Answers with a list that is the same for every caller, and reports the request to telemetry. */
  #listHandler<T>(method: string, list: () => T): (request: unknown, context: ServerContext) => T {
    return (_request, context) => {
      const observation = this.#pipeline.observe(this.#caller(context), { method });
      const result = list();
      observation.end();
      return result;
    };
  }
}

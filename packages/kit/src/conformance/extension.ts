import {
  type CallToolResult,
  type InputRequiredResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Catalog } from '../define/catalog.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import { errorAnswer, forbidden, publicError } from '../pipeline/errors.ts';
import { resultOf } from '../pipeline/outcome.ts';
import type { Caller } from '../protocol/caller.ts';
import { createLists } from '../sdk/lists.ts';
import { answerToolCall, asProtocolError, type CallerOf } from '../sdk/sdk-server.ts';
import type { Extend } from '../server/runtime.ts';
import { endOfError, endOfResult } from '../tasks/end.ts';
import { createdResult, declaresTasks, REQUIRED_CAPABILITIES } from '../tasks/view.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import type { Raw, RawPrompt, RawTask, RawTool } from './raw.ts';

/** Adds raw tools and prompts to a server: its SDK servers get handlers that answer them, and pass everything else to the kit. */
export function rawExtension(raw: Raw): Extend {
  const { capabilities, tools = [], prompts = [] } = raw;
  return ({ catalog, pipeline }) => ({
    catalog: { ...catalog, listings: () => [...catalog.listings(), ...tools.map(({ listing }) => listing)] },
    sdk: {
      ...(capabilities !== undefined && { capabilities }),
      setUp(server, callerOf) {
        if (tools.length > 0) offerRawTools(server, pipeline, catalog, tools, callerOf);
        if (prompts.length > 0) offerRawPrompts(server, pipeline, catalog, prompts, callerOf);
        raw.setUp?.(server);
      },
    },
  });
}

function offerRawTools(server: Server, pipeline: TaskPipeline, catalog: Catalog, tools: readonly RawTool[], callerOf: CallerOf): void {
  const byName = new Map(tools.map((tool) => [tool.listing.name, tool]));
  server.setRequestHandler('tools/call', ({ params }, context) => {
    const tool = byName.get(params.name);
    const caller = callerOf(context, server);
    return tool === undefined
      ? answerToolCall(pipeline, params, caller)
      : new RawCall(pipeline, catalog, params, caller).answer(tool, context);
  });
}

type RawRequest = Parameters<RawTool['call']>[0];

/** One call of a raw tool: authorized, admitted and recorded as any other. Its arguments have no schema, so the audit row only counts them. */
class RawCall {
  readonly #pipeline: TaskPipeline;
  readonly #scope: string;
  readonly #request: RawRequest;
  readonly #caller: Caller;

  constructor(pipeline: TaskPipeline, { server }: Catalog, request: RawRequest, caller: Caller) {
    this.#pipeline = pipeline;
    this.#scope = `${server}:write`;
    this.#request = request;
    this.#caller = caller;
  }

  /** @throws ProtocolError where the tool does, and when it becomes a task for a client that knows no tasks. */
  async answer(tool: RawTool, context: ServerContext): Promise<CallToolResult | InputRequiredResult> {
    const answer = await this.#handle(this.#caller, () => tool.call(this.#request, context));
    return isTask(answer) ? this.#createTask(answer) : answer;
  }

  /** Failures become results, unless they are JSON-RPC errors. */
  async #handle<T>(caller: Caller, work: () => Promise<T>): Promise<T | CallToolResult> {
    const { name, arguments: given } = this.#request;
    const observation = this.#pipeline.observe(caller, { method: 'tools/call', tool: name });
    try {
      return await this.#pipeline.handle({ name, scope: this.#scope, caller, arguments: given, isWrite: true, observation }, work);
    } catch (thrown) {
      if (thrown instanceof ProtocolError) throw thrown;
      const error = thrown instanceof ScopeError ? forbidden(thrown.scope) : publicError(thrown, false);
      return resultOf(errorAnswer(error, observation.traceId));
    }
  }

  async #createTask({ task }: RawTask): Promise<CallToolResult> {
    const { tasks } = this.#pipeline;
    const { name, arguments: given } = this.#request;
    if (!declaresTasks(this.#caller.capabilities)) throw new MissingRequiredClientCapabilityError(REQUIRED_CAPABILITIES);
    if (tasks === undefined) throw new TypeError(`${name} became a task, and this server has no tool that is longRunning.`);
    const view = await tasks.begin(name, given, this.#caller, (caller) =>
      this.#handle(caller, () => task(caller)).then(endOfResult, endOfError),
    );
    return createdResult(view);
  }
}

function isTask(answer: CallToolResult | InputRequiredResult | RawTask): answer is RawTask {
  return typeof answer.task === 'function';
}

function offerRawPrompts(
  server: Server,
  pipeline: TaskPipeline,
  catalog: Catalog,
  prompts: readonly RawPrompt[],
  callerOf: CallerOf,
): void {
  const byName = new Map(prompts.map((prompt) => [prompt.listing.name, prompt]));
  const listed = [...createLists(catalog).prompts, ...prompts.map(({ listing }) => listing)];
  server.setRequestHandler('prompts/list', (_request, context) => {
    pipeline.observe(callerOf(context, server), { method: 'prompts/list' }).end();
    return { prompts: listed };
  });
  server.setRequestHandler('prompts/get', async ({ params }, context) => {
    const { name, arguments: values = {} } = params;
    const caller = callerOf(context, server);
    const prompt = byName.get(name);
    if (prompt === undefined) return { ...(await asProtocolError(pipeline.getPrompt(name, values, caller))) };
    const observation = pipeline.observe(caller, { method: 'prompts/get', prompt: name });
    const request = { name: `prompt:${name}`, scope: catalog.readScope, caller, arguments: {}, isWrite: false, observation };
    return asProtocolError(pipeline.handle(request, () => prompt.get(params, context)));
  });
}

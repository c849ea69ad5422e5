import {
  type CallToolResult,
  type GetPromptResult,
  type InputRequiredResult,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { rawScope } from '../define/catalog.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import { accompany, forbidden, observe, type WayDependencies } from '../pipeline/pipeline.ts';
import { publicError, resultOf, shapeError } from '../pipeline/shape.ts';
import type { Caller } from '../protocol/caller.ts';
import { endOfError, endOfResult } from '../tasks/end.ts';
import type { TaskCaller } from '../tasks/task-caller.ts';
import { createdResult, declaresTasks, REQUIRED_CAPABILITIES } from '../tasks/view.ts';
import type { RawPrompt, RawTask, RawTool } from './raw.ts';

type RawRequest = Parameters<RawTool['call']>[0];

/**
 * Calls a tool that speaks the protocol's own terms: authorized, admitted and recorded like any other. The audit trail only
 * counts its arguments, because nothing tells which of them are secret.
 * @throws ProtocolError where the tool does, and when it goes on as a task for a client that knows no tasks.
 */
export async function callRaw(
  dependencies: WayDependencies,
  tool: RawTool,
  request: RawRequest,
  context: ServerContext,
  caller: Caller,
): Promise<CallToolResult | InputRequiredResult> {
  const answer = await attend(dependencies, request, caller, () => tool.call(request, context));
  return isTask(answer) ? carryOn(dependencies, request, answer, caller) : answer;
}

/** The way of a raw call, and of a raw task. What it throws is a result that says so, but for what is a JSON-RPC error. */
async function attend<T>(
  dependencies: WayDependencies,
  request: RawRequest,
  caller: Caller,
  work: () => Promise<T>,
): Promise<T | CallToolResult> {
  const { name } = request;
  const observation = observe(dependencies, caller, { method: 'tools/call', tool: name });
  const errand = { name, scope: rawScope(dependencies.catalog), caller, arguments: request.arguments, observation };
  try {
    return await accompany(dependencies, errand, work);
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    const error = thrown instanceof ScopeError ? forbidden(thrown.scope) : publicError(thrown, false);
    return resultOf(shapeError(error, observation.traceId));
  }
}

/** Makes the task, and leaves it to itself. */
async function carryOn(dependencies: WayDependencies, request: RawRequest, { task }: RawTask, caller: Caller): Promise<CallToolResult> {
  const { tasks } = dependencies;
  if (!declaresTasks(caller.capabilities)) throw new MissingRequiredClientCapabilityError(REQUIRED_CAPABILITIES);
  if (tasks === undefined) throw new TypeError(`${request.name} went on as a task, and this server has no tool that is longRunning.`);
  const work = (waiting: TaskCaller) => attend(dependencies, request, waiting, () => task(waiting));
  return createdResult(
    await tasks.begin(request.name, request.arguments, caller, (waiting) => work(waiting).then(endOfResult, endOfError)),
  );
}

function isTask(answer: CallToolResult | InputRequiredResult | RawTask): answer is RawTask {
  return typeof answer.task === 'function';
}

/**
 * Fills in a prompt that speaks the protocol's own terms: authorized, admitted and recorded like any other.
 * @throws ProtocolError where the prompt does; ToolError, ScopeError
 */
export function getRawPrompt(
  dependencies: WayDependencies,
  prompt: RawPrompt,
  request: Parameters<RawPrompt['get']>[0],
  context: ServerContext,
  caller: Caller,
): Promise<GetPromptResult | InputRequiredResult> {
  const { name } = prompt.listing;
  const observation = observe(dependencies, caller, { method: 'prompts/get', prompt: name });
  const errand = { name: `prompt:${name}`, scope: `${dependencies.catalog.server}:read`, caller, arguments: {}, observation };
  return accompany(dependencies, errand, () => prompt.get(request, context));
}

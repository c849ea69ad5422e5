import {
  type CallToolResult,
  type GetPromptResult,
  type InputRequiredResult,
  ProtocolError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { rawScope } from '../define/catalog.ts';
import type { RawPrompt, RawTool } from '../define/raw.ts';
import { ScopeError } from './authorize.ts';
import type { Caller } from './caller.ts';
import { publicError, resultOf, shapeError } from './shape.ts';
import { accompany, forbidden, observe, type WayDependencies } from './way.ts';

type RawRequest = Parameters<RawTool['call']>[0];

/**
 * Calls a tool that speaks the protocol's own terms: authorized, admitted and recorded like any other. The audit trail only
 * counts its arguments, because nothing tells which of them are secret.
 * @throws ProtocolError where the tool does
 */
export async function callRaw(
  dependencies: WayDependencies,
  tool: RawTool,
  request: RawRequest,
  context: ServerContext,
  caller: Caller,
): Promise<CallToolResult | InputRequiredResult> {
  const { name } = tool.listing;
  const observation = observe(dependencies, caller, { method: 'tools/call', tool: name });
  const errand = { name, scope: rawScope(dependencies.catalog), caller, arguments: request.arguments, observation };
  try {
    return await accompany(dependencies, errand, () => tool.call(request, context));
  } catch (thrown) {
    if (thrown instanceof ProtocolError) throw thrown;
    const error = thrown instanceof ScopeError ? forbidden(thrown.scope) : publicError(thrown, false);
    return resultOf(shapeError(error, observation.traceId));
  }
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

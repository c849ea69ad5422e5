import { hasScope } from '@fairway-mcp/auth';
import type { Catalog } from '../define/catalog.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { JsonRpcRequest } from '../protocol/json-rpc.ts';
import { HttpCaller } from './callers.ts';
import { scopeChallenge } from './challenge.ts';
import type { Exchange } from './exchange.ts';

/**
 * Answers 403 with a challenge, and leaves an audit row, when the principal lacks the scope of a request. Inside the SDK this is too late:
 * there an error can only be a result.
 * @returns whether the request was rejected.
 */
export async function rejectForScope(
  { handle, observe }: Pick<Pipeline, 'handle' | 'observe'>,
  catalog: Catalog,
  request: JsonRpcRequest,
  exchange: Exchange,
): Promise<boolean> {
  const needed = scopeOf(catalog, request);
  if (needed === undefined || hasScope(exchange.principal.scopes, needed.scope)) return false;
  const caller = new HttpCaller(exchange, 'legacy', {}, request.params);
  const observation = observe(caller, { method: request.method });
  try {
    await handle({ ...needed, caller, arguments: {}, observation }, () => undefined);
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    const { status, json, headers } = scopeChallenge(needed.scope);
    exchange.reply(status, json, headers);
  }
  return true;
}

/** The scope of a request, and the name under which it is recorded. Lists that are the same for every caller need none. */
function scopeOf(
  { tools, readScope, hasDynamicList }: Catalog,
  { method, params }: JsonRpcRequest,
): { name: string; scope: string } | undefined {
  const reads = READ_METHODS.has(method) || (hasDynamicList && method === 'resources/list');
  if (method !== 'tools/call') return reads ? { name: method, scope: readScope } : undefined;
  const tool = tools.get(String(params.name));
  return tool === undefined ? undefined : { name: tool.definition.name, scope: tool.scope };
}

const READ_METHODS = new Set(['resources/read', 'prompts/get', 'completion/complete']);

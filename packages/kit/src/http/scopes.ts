import { hasScope } from '@fairway-mcp/auth';
import { type Catalog, rawScope } from '../define/catalog.ts';
import { ScopeError } from '../pipeline/authorize.ts';
import { accompany, observe, type WayDependencies } from '../pipeline/pipeline.ts';
import { HttpCaller } from './callers.ts';
import { scopeChallenge } from './challenge.ts';
import type { Exchange, JsonRpcRequest } from './exchange.ts';

/**
 * Answers 403 with a challenge, and leaves an audit row, when the caller lacks the scope of what it asks for. Inside the SDK
 * it would be too late for that: there a refusal can only be a result.
 * @returns whether the request was refused.
 */
export async function refuseForScope(dependencies: WayDependencies, request: JsonRpcRequest, exchange: Exchange): Promise<boolean> {
  const needed = scopeOf(dependencies.catalog, request);
  if (needed === undefined || hasScope(exchange.principal.scopes, needed.scope)) return false;
  const caller = new HttpCaller(exchange, 'legacy', {}, request.params);
  const observation = observe(dependencies, caller, { method: request.method });
  try {
    await accompany(dependencies, { ...needed, caller, arguments: {}, observation }, () => undefined);
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    const { status, json, headers } = scopeChallenge(needed.scope);
    exchange.reply(status, json, headers);
  }
  return true;
}

/** What has to be allowed for a request, and under which name it is recorded. Lists are for everybody who may come in. */
function scopeOf(catalog: Catalog, { method, params }: JsonRpcRequest): { name: string; scope: string } | undefined {
  if (method === 'tools/call') {
    const name = String(params.name);
    if (catalog.raw.tools.has(name)) return { name, scope: rawScope(catalog) };
    const tool = catalog.tools.get(name);
    return tool === undefined ? undefined : { name: tool.definition.name, scope: tool.scope };
  }
  return READING.has(method) ? { name: method, scope: `${catalog.server}:read` } : undefined;
}

const READING = new Set(['resources/read', 'prompts/get', 'completion/complete']);

import { hasAnyScope, hasScope, type Principal } from '@fairway-mcp/auth';
import { announcesChanges, type Catalog } from '../define/catalog.ts';
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
  if (needed === undefined || isGranted(exchange.principal, needed, catalog)) return false;
  const caller = new HttpCaller(exchange, 'legacy', {}, request.params);
  const observation = observe(caller, { method: request.method });
  try {
    await handle({ ...needed, caller, arguments: {}, isWrite: false, observation }, () => undefined);
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    const { status, json, headers } = scopeChallenge(needed.scope);
    exchange.reply(status, json, headers);
  }
  return true;
}

interface Needed {
  /** Under which the request is recorded. */
  name: string;
  scope: string;
}

/** A session is for whatever its caller may do here, which has to be something. */
function isGranted({ scopes }: Principal, { name, scope }: Needed, { server }: Catalog): boolean {
  return name === HANDSHAKE ? hasAnyScope(scopes, server) : hasScope(scopes, scope);
}

/** What a request needs. Lists that are the same for every caller need nothing. */
function scopeOf(catalog: Catalog, { method, params }: JsonRpcRequest): Needed | undefined {
  const { readScope } = catalog;
  if (method === HANDSHAKE) return { name: method, scope: readScope };
  if (method !== 'tools/call') return isRead(catalog, method) ? { name: method, scope: readScope } : undefined;
  const tool = catalog.tools.get(String(params.name));
  return tool === undefined ? undefined : { name: tool.definition.name, scope: tool.scope };
}

function isRead(catalog: Catalog, method: string): boolean {
  if (method === 'resources/list') return catalog.hasDynamicList;
  return SUBSCRIBING_METHODS.has(method) ? announcesChanges(catalog) : READ_METHODS.has(method);
}

const HANDSHAKE = 'initialize';
const SUBSCRIBING_METHODS = new Set(['resources/subscribe', 'subscriptions/listen']);
const READ_METHODS = new Set(['resources/read', 'prompts/get', 'completion/complete']);

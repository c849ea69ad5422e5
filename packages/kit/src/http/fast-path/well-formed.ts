import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  RELATED_TASK_META_KEY,
} from '@modelcontextprotocol/server';
import { isObject } from '../../protocol/json-rpc.ts';
import type { JsonRpcRequest, RequestId } from '../exchange.ts';

/**
 * Requests that are certainly well-formed, judged by a few looks at their fields. What does not pass here is not wrong: the SDK, which
 * is thorough and slow, judges it.
 */

type Params = JsonRpcRequest['params'];

/** The request that a parsed body is, when it has a request's fields and no others. */
export function asRequest(body: unknown): JsonRpcRequest | undefined {
  if (!isObject(body) || body.jsonrpc !== '2.0' || typeof body.method !== 'string') return undefined;
  const { id, method, params } = body;
  if (Object.keys(body).length > (params === undefined ? 3 : 4)) return undefined;
  if (!isId(id) || !(params === undefined || isObject(params))) return undefined;
  return { id, method, params: params ?? {} };
}

function isId(id: unknown): id is RequestId {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

/** `_meta` of any request. */
export function isPlainMeta(meta: unknown): boolean {
  if (meta === undefined) return true;
  return isObject(meta) && (meta.progressToken === undefined || isId(meta.progressToken)) && !(RELATED_TASK_META_KEY in meta);
}

/** `_meta` of a modern request: its envelope. */
export function isPlainEnvelope(meta: unknown): boolean {
  if (!isObject(meta) || LOG_LEVEL_META_KEY in meta) return false;
  return isPlainClientInfo(meta[CLIENT_INFO_META_KEY]) && isPlainCapabilities(meta[CLIENT_CAPABILITIES_META_KEY]);
}

function isPlainClientInfo(info: unknown): boolean {
  if (info === undefined) return true;
  if (!isObject(info) || typeof info.name !== 'string' || typeof info.version !== 'string') return false;
  return info.icons === undefined && [info.title, info.description, info.websiteUrl].every(isTextIfGiven);
}

function isPlainCapabilities(capabilities: unknown): boolean {
  if (!isObject(capabilities)) return false;
  const { elicitation = {}, sampling = {}, roots = {}, extensions = {}, experimental = {}, tasks } = capabilities;
  if (tasks !== undefined || !isObject(elicitation) || !isObject(sampling) || !isObject(roots)) return false;
  const { form = {}, url = {} } = elicitation;
  return (
    isObject(form) &&
    isSwitchIfGiven(form.applyDefaults) &&
    isObject(url) &&
    isSwitchIfGiven(roots.listChanged) &&
    [sampling.context ?? {}, sampling.tools ?? {}].every(isObject) &&
    [extensions, experimental].every((named) => isObject(named) && Object.values(named).every(isObject))
  );
}

/** What `tools/call` can be asked with, in the given era. */
export function isPlainCall(params: Params, era: 'modern' | 'legacy'): params is { name: string; arguments?: Record<string, unknown> } {
  const { name, arguments: given, requestState, task } = params;
  if (typeof name !== 'string' || !(given === undefined || isObject(given))) return false;
  return era === 'modern' ? isTextIfGiven(requestState) : task === undefined;
}

/** What `tools/list` can be asked with: there is one page, whatever the cursor. */
export function isPlainList({ cursor }: Params): boolean {
  return isTextIfGiven(cursor);
}

function isTextIfGiven(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isSwitchIfGiven(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

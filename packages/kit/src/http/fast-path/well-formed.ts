import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  RELATED_TASK_META_KEY,
} from '@modelcontextprotocol/server';
import { isObject, isRequestId, type JsonRpcRequest } from '../../protocol/json-rpc.ts';
import type { Era } from '../../protocol/versions.ts';

/**
 * Recognizes requests that are certainly well-formed, by a few checks of their fields. What these functions reject is not wrong: the SDK
 * validates it, thoroughly and slowly.
 */

type Params = JsonRpcRequest['params'];

/** `_meta` of any request. */
export function hasSimpleMeta(meta: unknown): boolean {
  if (meta === undefined) return true;
  return isObject(meta) && (meta.progressToken === undefined || isRequestId(meta.progressToken)) && !(RELATED_TASK_META_KEY in meta);
}

/** `_meta` of a modern request: its envelope. */
export function hasSimpleEnvelope(meta: unknown): boolean {
  if (!isObject(meta) || LOG_LEVEL_META_KEY in meta) return false;
  return isSimpleClientInfo(meta[CLIENT_INFO_META_KEY]) && areSimpleCapabilities(meta[CLIENT_CAPABILITIES_META_KEY]);
}

function isSimpleClientInfo(info: unknown): boolean {
  if (info === undefined) return true;
  if (!isObject(info) || typeof info.name !== 'string' || typeof info.version !== 'string') return false;
  return info.icons === undefined && [info.title, info.description, info.websiteUrl].every(isOptionalText);
}

function areSimpleCapabilities(capabilities: unknown): boolean {
  if (!isObject(capabilities)) return false;
  const { elicitation = {}, sampling = {}, roots = {}, extensions = {}, experimental = {}, tasks } = capabilities;
  if (tasks !== undefined || !isObject(elicitation) || !isObject(sampling) || !isObject(roots)) return false;
  const { form = {}, url = {} } = elicitation;
  return (
    isObject(form) &&
    isOptionalBoolean(form.applyDefaults) &&
    isObject(url) &&
    isOptionalBoolean(roots.listChanged) &&
    [sampling.context ?? {}, sampling.tools ?? {}].every(isObject) &&
    [extensions, experimental].every((named) => isObject(named) && Object.values(named).every(isObject))
  );
}

/** The parameters of `tools/call`. */
export function isSimpleCall(params: Params, era: Era): params is { name: string; arguments?: Record<string, unknown> } {
  const { name, arguments: given, requestState, task } = params;
  if (typeof name !== 'string' || !(given === undefined || isObject(given))) return false;
  return era === 'modern' ? isOptionalText(requestState) : task === undefined;
}

/** The parameters of `tools/list`: there is one page, whatever the cursor. */
export function isSimpleList({ cursor }: Params): boolean {
  return isOptionalText(cursor);
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isOptionalBoolean(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

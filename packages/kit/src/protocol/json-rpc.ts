import type { ErrorKind } from './errors.ts';

/**
 * Whether a JSON text nests deeper than allowed. Scans bytes and builds nothing, so that a hostile text costs one pass:
 * brackets inside strings do not count, malformed text is left to the parser.
 */
export function nestsDeeperThan(json: string, maxDepth: number): boolean {
  if (json.length <= maxDepth) return false;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const code = json.charCodeAt(index);
    if (inString) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth -= 1;
  }
  return false;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export type RequestId = string | number;

export interface JsonRpcRequest {
  id: RequestId;
  method: string;
  params: Readonly<Record<string, unknown>>;
}

/** A JSON-RPC error as text. */
export function errorJson(id: RequestId | null, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } });
}

/** The request that a parsed body is, when it has a request's fields and no others. */
export function asRequest(body: unknown): JsonRpcRequest | undefined {
  if (!isObject(body) || body.jsonrpc !== '2.0' || typeof body.method !== 'string') return undefined;
  const { id, method, params } = body;
  if (Object.keys(body).length > (params === undefined ? 3 : 4)) return undefined;
  if (!isRequestId(id) || !(params === undefined || isObject(params))) return undefined;
  return { id, method, params: params ?? {} };
}

export function isRequestId(id: unknown): id is RequestId {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

/** The id to echo on an error: that of a request, `null` when there is none. */
export function echoId(message: unknown): RequestId | null {
  if (!isObject(message) || typeof message.method !== 'string') return null;
  return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : null;
}

/** The JSON-RPC code of a failure outside of tools, where no result can carry its kind. */
export function errorCodeOf(kind: ErrorKind): number {
  return kind === 'invalid_input' ? INVALID_PARAMS : INTERNAL_ERROR;
}

/** JSON-RPC error codes that the kit answers with. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const INVALID_PARAMS = -32602;
export const METHOD_NOT_FOUND = -32601;
export const INTERNAL_ERROR = -32603;
/** Rejected by the transport: Host, Origin, size, session. */
export const TRANSPORT_ERROR = -32000;

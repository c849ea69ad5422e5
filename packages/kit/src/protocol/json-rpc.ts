import type { ErrorKind } from './errors.ts';

/**
 * Whether a JSON text nests deeper than allowed. Scans bytes and builds nothing, so that a hostile text costs one pass:
 * brackets inside strings do not count, malformed text is left to the parser.
 */
export function nestsDeeperThan(json: string, most: number): boolean {
  if (json.length <= most) return false;
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
      if (depth > most) return true;
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

/** The id to echo on an error: that of a request, `null` when there is none to be read. */
export function echoId(message: unknown): string | number | null {
  if (!isObject(message) || typeof message.method !== 'string') return null;
  return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : null;
}

/** The code of a failure outside of tools, where no result could say what it is. */
export function errorCodeOf(kind: ErrorKind): number {
  return kind === 'invalid_input' ? INVALID_PARAMS : INTERNAL_ERROR;
}

/** JSON-RPC error codes that the kit answers with itself. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;
export const INVALID_PARAMS = -32602;
export const METHOD_NOT_FOUND = -32601;
export const INTERNAL_ERROR = -32603;
/** The transport's own refusals: Host, Origin, size, session. */
export const TRANSPORT_ERROR = -32000;

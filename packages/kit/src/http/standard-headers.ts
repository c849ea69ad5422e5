import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from '../protocol/json-rpc.ts';

/** -32020, HeaderMismatch: the headers of a modern request must repeat what its body says, so that proxies can route it. */
export const HEADER_MISMATCH = -32020;

/** The parameter that `Mcp-Name` repeats, by method (SEP-2243, and SEP-2663 for tasks). */
const NAMED_BY = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
  ['tasks/get', 'taskId'],
  ['tasks/update', 'taskId'],
  ['tasks/cancel', 'taskId'],
]);

/**
 * What is wrong with the standard headers of a modern request, or `undefined`. Checked: `MCP-Protocol-Version`, `Mcp-Method`
 * and `Mcp-Name` are there and agree with the body.
 */
export function headerMismatch(headers: IncomingHttpHeaders, version: string, method: string, params: unknown): string | undefined {
  const versionHeader = headers['mcp-protocol-version'];
  if (versionHeader === undefined) return 'The MCP-Protocol-Version header is missing.';
  if (String(versionHeader).trim() !== version) return `The MCP-Protocol-Version header and the body's ${version} disagree.`;
  const methodHeader = headers['mcp-method'];
  if (methodHeader === undefined) return 'The Mcp-Method header is missing.';
  if (String(methodHeader).trim() !== method) return `The Mcp-Method header and the body's ${method} disagree.`;
  const field = NAMED_BY.get(method);
  const value = field !== undefined && isObject(params) ? params[field] : undefined;
  if (field === undefined) return undefined;
  const nameHeader = headers['mcp-name'];
  if (nameHeader === undefined)
    return typeof value === 'string' ? `The Mcp-Name header is missing; it must repeat params.${field}.` : undefined;
  const name = decodeHeader(String(nameHeader).trim());
  if (name === undefined) return 'The Mcp-Name header is not valid Base64 between =?base64? and ?=.';
  return typeof value === 'string' && name !== value ? `The Mcp-Name header and params.${field} disagree.` : undefined;
}

/** Values that a header cannot carry are sent as `=?base64?…?=`. @returns `undefined` when that is not Base64 of a UTF-8 text */
export function decodeHeader(value: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (encoded === undefined) return value;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Catalog } from '../define/catalog.ts';
import { isObject } from '../protocol/json-rpc.ts';
import { decodeHeader } from './standard-headers.ts';

/** An argument that a client repeats in a header, so that proxies can route by it (SEP-2243). */
interface ParamHeader {
  /** `mcp-param-region` */
  header: string;
  /** Its place in the arguments. */
  path: readonly string[];
}

/** @returns what is wrong with the headers that repeat a tool's arguments, or `undefined`. */
export type ParamHeaderCheck = (headers: IncomingHttpHeaders, tool: string, given: unknown) => string | undefined;

/** The check for all tools of a server. A tool's schema is read at its first call. */
export function createParamHeaderCheck(catalog: Catalog): ParamHeaderCheck {
  const known = new Map<string, readonly ParamHeader[]>();

  /** Unknown names are not remembered: they must not fill the memory. */
  function declaredBy(tool: string): readonly ParamHeader[] {
    const schema = schemaOf(catalog, tool);
    if (schema === undefined) return [];
    const declared = declarations(schema, []);
    known.set(tool, declared);
    return declared;
  }

  return (headers, tool, given) => {
    for (const { header, path } of known.get(tool) ?? declaredBy(tool)) {
      const problem = mismatch(headers[header], header, valueAt(given, path));
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function schemaOf({ tools, listings }: Catalog, name: string): unknown {
  const listing = tools.get(name)?.listing() ?? listings().find((candidate) => candidate.name === name);
  return listing?.inputSchema;
}

/** `x-mcp-header` names the header of a property. It counts where only `properties` lead to it. */
function declarations(schema: unknown, path: readonly string[]): ParamHeader[] {
  if (!isObject(schema)) return [];
  const name = schema['x-mcp-header'];
  const own = typeof name === 'string' ? [{ header: `mcp-param-${name.toLowerCase()}`, path }] : [];
  const { properties } = schema;
  return isObject(properties) ? [...own, ...Object.entries(properties).flatMap(([key, part]) => declarations(part, [...path, key]))] : own;
}

function valueAt(given: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), given);
}

/** A header without its argument is ignored; an argument without its header is an error. */
function mismatch(header: string | string[] | undefined, name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  if (header === undefined) return `The ${name} header is missing; it must repeat the argument.`;
  const text = decodeHeader(String(header).trim());
  if (text === undefined) return `The ${name} header is not valid Base64 between =?base64? and ?=.`;
  const isSame = typeof value === 'number' && DECIMAL.test(text) ? Number(text) === value : text === String(value);
  return isSame ? undefined : `The ${name} header and the argument disagree.`;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

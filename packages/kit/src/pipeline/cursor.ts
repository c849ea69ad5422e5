import { createHash } from 'node:crypto';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Which part of a tool's list to answer with, and what that list belongs to. A cursor holds no data: an offset, fingerprints of the query and
 * of the data's version, and the name of the snapshot where the tool has one.
 */
export interface Page {
  /** The output's array field. */
  list: string;
  offset: number;
  limit: number;
  /** Fingerprint of the arguments that select the list. */
  query: string;
  /** Fingerprint of the data's version; `undefined` on the first page. */
  version: string | undefined;
  snapshot: string | undefined;
}

/**
 * Reads which page a call is for. Called before the tool runs, so that a wrong cursor costs nothing.
 * @returns `undefined` for a tool without a list
 * @throws ToolError `invalid_input` when it is no cursor or belongs to another query
 */
export function readPage({ definition }: CompiledTool, input: Fields): Page | undefined {
  const { list, firstPageOnly = [], listSnapshot } = definition;
  if (list === undefined) return undefined;
  const query = fingerprintOfQuery(firstPageOnly, input);
  const page = { list, limit: Number(input.limit), query };
  if (input.cursor === undefined) return { ...page, offset: 0, version: undefined, snapshot: undefined };
  const [, offset, ofQuery, version, snapshot] = FORM.exec(textOf(String(input.cursor))) ?? [];
  const isOfTool = (snapshot === undefined) === (listSnapshot === undefined);
  if (offset !== undefined && ofQuery === query && isOfTool) return { ...page, offset: Number(offset), version, snapshot };
  throw new ToolError({
    kind: 'invalid_input',
    message: 'cursor: it does not belong to these arguments.',
    remedy: 'Repeat the arguments of the call that gave the cursor, or leave the cursor out to start over.',
  });
}

/**
 * Checks that a later page is cut from the same list as the first.
 * @returns the cursor of the page that starts at an offset
 * @throws ToolError `conflict` when the data has changed since the first page
 */
export function continueList({ definition }: CompiledTool, page: Page, output: Fields, services: unknown): (offset: number) => string {
  const version = fingerprint(definition.listVersion?.(output, services) ?? '');
  if (page.version !== undefined && page.version !== version) {
    throw new ToolError({
      kind: 'conflict',
      message: 'The data has changed since the first page.',
      remedy: 'Leave the cursor out to start over.',
    });
  }
  const snapshot = definition.listSnapshot?.(output);
  if (snapshot !== undefined && !SNAPSHOT.test(snapshot)) throw new TypeError(`${definition.name} named its snapshot "${snapshot}".`);
  const rest = snapshot === undefined ? '' : `.${snapshot}`;
  return (offset) => Buffer.from(`${offset}.${page.query}.${version}${rest}`).toString('base64url');
}

/** Node ignores what is no base64url: such a text is no cursor that was given out. */
function textOf(cursor: string): string {
  const decoded = Buffer.from(cursor, 'base64url');
  return decoded.toString('base64url') === cursor ? decoded.toString() : '';
}

function fingerprintOfQuery(firstPageOnly: readonly string[], input: Fields): string {
  const ignored = new Set(['cursor', 'limit', ...firstPageOnly]);
  return fingerprint(JSON.stringify(Object.entries(input).filter(([key]) => !ignored.has(key))));
}

/** The arguments of a later page: without those that are for the first page only. */
export function withoutFirstPageOnly({ definition }: CompiledTool, given: unknown): unknown {
  if (definition.firstPageOnly === undefined || typeof given !== 'object' || given === null || !('cursor' in given)) return given;
  const ignored: readonly string[] = definition.firstPageOnly;
  return Object.fromEntries(Object.entries(given).filter(([key]) => !ignored.includes(key)));
}

const FORM = /^(\d{1,9})\.([A-Za-z0-9_-]{10})\.([A-Za-z0-9_-]{10})(?:\.([A-Za-z0-9._:-]{1,200}))?$/;
const SNAPSHOT = /^[A-Za-z0-9._:-]{1,200}$/;

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 10);
}

import { createHash } from 'node:crypto';
import type { CompiledTool } from '../define/catalog.ts';
import { ToolError } from '../protocol/errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a cursor belongs to: a query, and the version of the data that answered it. */
export interface PageOf {
  query: string;
  version: string;
}

/**
 * The offset of the page that a cursor points to; 0 without one. A cursor holds no data, only an offset and two fingerprints.
 * @throws ToolError `invalid_input` when it is no cursor or belongs to another query, `conflict` when the data has changed since.
 */
export function readCursor(cursor: string | undefined, { query, version }: PageOf): number {
  if (cursor === undefined) return 0;
  const [, offset, ofQuery, ofVersion] = FORM.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (offset === undefined || ofQuery !== query) {
    throw new ToolError({
      kind: 'invalid_input',
      message: 'cursor: it does not belong to these arguments.',
      remedy: 'Repeat the arguments of the call that gave the cursor, or leave the cursor out to start over.',
    });
  }
  if (ofVersion !== version) {
    throw new ToolError({
      kind: 'conflict',
      message: 'The data has changed since the first page.',
      remedy: 'Leave the cursor out to start over.',
    });
  }
  return Number(offset);
}

export function writeCursor(offset: number, { query, version }: PageOf): string {
  return Buffer.from(`${offset}.${query}.${version}`).toString('base64url');
}

export function pageOf({ definition }: CompiledTool, input: Fields, output: Fields): PageOf {
  const own = new Set<string>(['cursor', 'limit', ...(definition.firstPageOnly ?? [])]);
  const query = Object.entries(input).filter(([key]) => !own.has(key));
  return { query: fingerprint(JSON.stringify(query)), version: fingerprint(definition.listVersion?.(output) ?? '') };
}

/** The arguments of a later page: without those that are for the first page only. */
export function withoutFirstPageOnly({ definition }: CompiledTool, given: unknown): unknown {
  if (definition.firstPageOnly === undefined || typeof given !== 'object' || given === null || !('cursor' in given)) return given;
  const ignored: readonly string[] = definition.firstPageOnly;
  return Object.fromEntries(Object.entries(given).filter(([key]) => !ignored.includes(key)));
}

const FORM = /^(\d{1,9})\.([A-Za-z0-9_-]{10})\.([A-Za-z0-9_-]{10})$/;

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 10);
}

import { createHash } from 'node:crypto';
import { ToolError } from '../tool-error.ts';

/**
 * A cursor says where the next page starts, and of which question: it is refused when the other arguments have changed.
 * It holds no data, only an offset and a fingerprint.
 */
export function readCursor(cursor: string | undefined, question: string): number {
  if (cursor === undefined) return 0;
  const [offset, fingerprint] = decode(cursor);
  if (offset === undefined || fingerprint !== question) {
    throw new ToolError({
      kind: 'invalid_input',
      message: 'cursor: it does not belong to these arguments.',
      remedy: 'Repeat the arguments of the call that gave the cursor, or leave the cursor out to start over.',
    });
  }
  return offset;
}

export function writeCursor(offset: number, question: string): string {
  return Buffer.from(`${offset}.${question}`).toString('base64url');
}

/** Identifies a question apart from its paging. */
export function questionOf(input: Readonly<Record<string, unknown>>): string {
  const { cursor: _cursor, limit: _limit, ...rest } = input;
  return createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 12);
}

function decode(cursor: string): [number, string] | [undefined, undefined] {
  const match = /^(\d{1,9})\.([A-Za-z0-9_-]{12})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] === undefined || match[2] === undefined ? [undefined, undefined] : [Number(match[1]), match[2]];
}

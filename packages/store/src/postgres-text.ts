import type { SqlValue } from './database.ts';

/** Never a character of its own (https://www.unicode.org/faq/private_use.html#nonchar4), so that hardly any text has to be changed. */
const ESCAPE = '\uffff';

/** Postgres cannot store NUL in text: it is written with an escape, so that text is the same in every database. */
export function encodeText(value: SqlValue): SqlValue {
  if (typeof value !== 'string' || (!value.includes('\0') && !value.includes(ESCAPE))) return value;
  return value.replaceAll(ESCAPE, `${ESCAPE}1`).replaceAll('\0', `${ESCAPE}0`);
}

/** The reverse of {@link encodeText}. */
export function decodeText(text: string): string {
  if (!text.includes(ESCAPE)) return text;
  return text.replaceAll(`${ESCAPE}0`, '\0').replaceAll(`${ESCAPE}1`, ESCAPE);
}

import { ServiceError } from '../../wire/errors.ts';

/** Texts and names in quotes, which may hold question marks, and question marks. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/g;

/** A statement with its parameters, which are SQL literals, in the place of its question marks. */
export function withParameters(statement: string, parameters: readonly string[]): string {
  let used = 0;
  const filled = statement.replace(TOKEN, (token) => (token === '?' ? (parameters[used++] ?? '?') : token));
  if (used === parameters.length) return filled;
  throw new ServiceError('InvalidRequestException', `Incorrect number of parameters: expected ${used} but found ${parameters.length}`);
}

import { UpstreamError } from './errors.ts';

/**
 * A URL with values filled in: `` upstreamUrl`https://api.example/items/${id}` ``. Each value is encoded and stays one segment of the
 * path, whatever a caller has put into it.
 * @throws {UpstreamError} `not_found` when a value is empty, `.` or `..`: there is nothing of that name
 */
export function upstreamUrl(texts: TemplateStringsArray, ...values: readonly (string | number)[]): URL {
  const filled = values.map((value) => {
    const text = String(value);
    if (text === '' || text === '.' || text === '..') throw noSuchName();
    return encodeURIComponent(text);
  });
  return new URL(String.raw({ raw: texts }, ...filled));
}

function noSuchName(): UpstreamError {
  return new UpstreamError({ kind: 'not_found', message: 'The name or id is empty or consists of dots.', remedy: 'Check the name or id.' });
}

import * as z from 'zod';

/** A header's name (RFC 9110), and a value that can be sent. */
const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers for a collector, as the OpenTelemetry specification writes them: `name=value,name=value`, values percent-encoded. */
export function otelHeaders(): z.ZodString {
  return z.string().refine((text) => parseOtelHeaders(text) !== undefined, {
    error: 'must read name=value,name=value, with values percent-encoded ("%25" for "%", "%2C" for ",")',
  });
}

/** @returns `undefined` when the text has another form */
export function parseOtelHeaders(text: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue;
    const at = pair.indexOf('=');
    const name = pair.slice(0, at).trim();
    const value = decoded(pair.slice(at + 1).trim());
    if (at < 1 || !NAME.test(name) || value === undefined || !VALUE.test(value)) return undefined;
    headers[name] = value;
  }
  return headers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

import { AWS_MAX_VALUE_LENGTH } from './policy.ts';

/** Whether a text fits a pattern with at most one `*`, which means any text, also none. */
export function fitsWildcard(text: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return text === pattern;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*');
}

/** More than one `*` is not a pattern that AWS knows, and would not mean what its author thinks. */
export function hasTooManyWildcards(pattern: string): boolean {
  return pattern.indexOf('*') !== pattern.lastIndexOf('*');
}

/**
 * Compiles a policy's regular expression. It is matched against the whole value, with or without `^` and `$`: half-anchored patterns
 * are the most common mistake in tag policies. Compiled with the `u` flag, with `v` where only that understands it.
 *
 * Values longer than AWS allows (256 characters) never match. That also bounds the work of a pattern with polynomial backtracking; a
 * pattern with nested repeats such as `(a+)+` can still be slow, and is the author's to avoid.
 * @throws SyntaxError with the engine's reason when it is no regular expression.
 */
export function compileRegex(pattern: string): (value: string) => boolean {
  const regex = compileWithBestFlag(pattern);
  return (value) => value.length <= AWS_MAX_VALUE_LENGTH && regex.test(value);
}

function compileWithBestFlag(pattern: string): RegExp {
  const attempts = [
    [pattern, 'u'],
    [withoutNeedlessEscapes(pattern), 'u'],
    [pattern, 'v'],
  ] as const;
  let reason: unknown;
  for (const [source, flag] of attempts) {
    try {
      // Alone first: `a)(b` is wrong, although it is right inside of `(?:` and `)`.
      new RegExp(source, flag);
      return new RegExp(`^(?:${source})$`, flag);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}

/**
 * `\-` and `\_` are mistakes with the `u` flag, yet usual in patterns written for other engines, and their meaning is not in doubt.
 * Letters and digits are left alone: an unknown `\Z` must stay an error.
 */
function withoutNeedlessEscapes(pattern: string): string {
  return pattern.replace(/\\([\s\S])/g, (escaped: string, char: string) => {
    if (char === '-') return '\\x2d';
    return /[_@:#%&,;<>=!~`'" ]/.test(char) ? char : escaped;
  });
}

/** The engine's reason, without the pattern that it repeats. */
export function regexFault(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return error instanceof SyntaxError ? error.message.replace(/^Invalid regular expression: (?:\/.*\/[a-z]*: )?/s, '') : String(error);
  }
}

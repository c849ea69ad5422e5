import { RE2JS, RE2JSException } from 're2js';
import { AWS_MAX_VALUE_LENGTH } from './policy.ts';
import { toRe2Syntax, UnsupportedPattern } from './re2-syntax.ts';

/** Whether a text fits a pattern with at most one `*`, which means any text, also none. */
export function fitsWildcard(text: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return text === pattern;
  const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

/** Compiles a pattern with any number of `*`, each of which means any text. It is matched in time proportional to text and pattern. */
export function compileGlob(pattern: string): (text: string) => boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (text) => text === pattern;
  return (text) => {
    let position = first.length;
    const end = text.length - last.length;
    if (position > end || !text.startsWith(first) || !text.endsWith(last)) return false;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      position = found + part.length;
      if (found === -1 || position > end) return false;
    }
    return true;
  };
}

export function hasWildcard(pattern: string): boolean {
  return pattern.includes('*');
}

/** More than one `*` is not a pattern that AWS knows, and would not mean what its author thinks. */
export function hasTooManyWildcards(pattern: string): boolean {
  return pattern.indexOf('*') !== pattern.lastIndexOf('*');
}

/** Bound the time that one value can take: it grows with the length of the value and the size of the compiled pattern. */
const MAX_PATTERN_LENGTH = 10_000;
const MAX_PROGRAM_SIZE = 2_000;

/**
 * Compiles a policy's regular expression. It is matched against the whole value, with or without `^` and `$`: half-anchored patterns
 * are the most common mistake in tag policies. It is written in JavaScript's syntax and means what JavaScript means with the `u` flag.
 *
 * Anybody who may set a tag chooses the value, so it is matched in linear time: JavaScript's own engine backtracks, and some values
 * would stop the process. Values longer than AWS allows (256 characters) never match.
 * @throws SyntaxError with the engine's reason when it is no regular expression.
 * @throws UnsupportedPattern with the reason when it cannot be matched in linear time.
 */
export function compileRegex(pattern: string): (value: string) => boolean {
  if (pattern.length > MAX_PATTERN_LENGTH) throw new UnsupportedPattern(`it has more than ${MAX_PATTERN_LENGTH} characters`);
  const regex = compileLinear(toRe2Syntax(javaScriptSource(pattern)));
  if (regex.programSize() > MAX_PROGRAM_SIZE)
    throw new UnsupportedPattern('its repeats or alternatives are too many; shorten it, or list the values in allowed_values');
  return (value) => value.length <= AWS_MAX_VALUE_LENGTH && regex.testExact(value);
}

function compileLinear(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw error instanceof RE2JSException ? new UnsupportedPattern(error.message.replace(/^error parsing regexp: /, '')) : error;
  }
}

/** The pattern as JavaScript understands it with the `u` flag. */
function javaScriptSource(pattern: string): string {
  try {
    new RegExp(pattern, 'u');
    return pattern;
  } catch (error) {
    const source = withoutNeedlessEscapes(pattern);
    if (isRegex(source, 'u')) return source;
    if (isRegex(pattern, 'v')) throw new UnsupportedPattern('it combines character classes as only the v flag allows');
    throw error;
  }
}

function isRegex(source: string, flag: 'u' | 'v'): boolean {
  try {
    new RegExp(source, flag);
    return true;
  } catch {
    return false;
  }
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

/** Why a pattern cannot be used, as a sentence without its end; `undefined` when it can. */
export function regexFault(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof UnsupportedPattern) return `This pattern cannot be matched in linear time: ${error.message}`;
    const reason = error instanceof Error ? error.message : String(error);
    // Without the pattern, which the engine repeats.
    return `This is not a regular expression that JavaScript knows: ${reason.replace(/^Invalid regular expression: (?:\/.*\/[a-z]*: )?/s, '')}`;
  }
}

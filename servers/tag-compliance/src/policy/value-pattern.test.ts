import { describe, expect, it } from 'vitest';
import { compileRegex, fitsWildcard, regexFault } from './value-pattern.ts';

describe('a wildcard', () => {
  it.each([
    ['300*', '300', true],
    ['300*', '3001', true],
    ['300*', '30', false],
    ['*@example.com', 'jane@example.com', true],
    ['*@example.com', 'jane@example.org', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*', '', true],
    ['exact', 'exactly', false],
  ])('%s against %s', (pattern, text, fits) => {
    expect(fitsWildcard(text, pattern)).toBe(fits);
  });
});

describe('a regular expression', () => {
  it.each([
    ['CC-\\d{4}', 'CC-1234', true],
    ['CC-\\d{4}', 'CC-12345', false],
    ['CC-\\d{4}', 'xCC-1234', false],
    ['^CC-\\d{4}', 'CC-12345', false],
    ['^CC-\\d{4}.*', 'CC-12345', true],
    ['a|b', 'ab', false],
    ['[a-z]+\\-\\d+', 'abc-1', true],
    ['[\\w\\-]+', 'a-b_c', true],
    ['\\p{Lu}+', 'ÄÖÜ', true],
    ['[\\p{L}--[a-z]]+', 'ABC', true],
    ['^[a-z0-9]+(-[a-z0-9]+)*$', 'data-platform-2', true],
    ['.*', 'x'.repeat(257), false],
  ])('%s against %s', (pattern, value, fits) => {
    expect(compileRegex(pattern)(value)).toBe(fits);
  });

  it.each(['[a-z', '(?i)prod', 'a)(b', '\\Z', '(?P<x>a)', '*a', 'a{2,1}'])('%s is none, and the reason is told', (pattern) => {
    expect(regexFault(pattern)).toMatch(/^[A-Za-z][^/]+$/);
  });

  it('may have its own anchors', () => {
    expect(regexFault('^prod$')).toBeUndefined();
  });
});

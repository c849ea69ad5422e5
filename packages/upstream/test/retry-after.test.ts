import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../src/index.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const seconds = fc.integer({ min: 0, max: 10 * 365 * 24 * 3600 });

describe('Retry-After', () => {
  it('is a number of seconds', () => {
    fc.assert(fc.property(seconds, (value) => parseRetryAfter(` ${value} `, NOW) === value * 1000));
  });

  it('is an HTTP date, of which the past means now', () => {
    fc.assert(
      fc.property(seconds, fc.boolean(), (value, past) => {
        const date = new Date(NOW + (past ? -value : value) * 1000).toUTCString();
        return parseRetryAfter(date, NOW) === (past ? 0 : value * 1000);
      }),
    );
  });

  it('may be a date in one of the old forms', () => {
    expect(parseRetryAfter('Monday, 01-Jun-26 12:01:00 GMT', NOW)).toBe(60_000);
    expect(parseRetryAfter('Mon Jun  1 12:01:00 2026', NOW)).toBe(60_000);
  });

  it('may have a fraction, as some APIs send it', () => {
    expect(parseRetryAfter('0.65', NOW)).toBe(650);
  });

  it('is never negative, infinite or no number, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constantFrom('-5', '1e9', 'Infinity', 'NaN', '2026', '0x10', '5, 10', 'Mon, 99 Foo 2026', '١')),
        (text) => {
          const value = parseRetryAfter(text, NOW);
          return value === undefined || (Number.isFinite(value) && value >= 0);
        },
      ),
    );
    for (const text of ['-5', '1e9', 'Infinity', '2026-06-01', '0x10', '5, 10', '', undefined])
      expect(parseRetryAfter(text, NOW)).toBeUndefined();
  });
});

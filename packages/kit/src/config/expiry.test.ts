import { describe, expect, it } from 'vitest';
import { parseExpiry } from './expiry.ts';

const NOW = new Date('2026-11-05T10:00:00Z');

describe('the expiry of a key', () => {
  it.each([
    ['90d', '2027-02-03T10:00:00.000Z'],
    ['12h', '2026-11-05T22:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2027-01-01T12:00:00+02:00', '2027-01-01T10:00:00.000Z'],
    ['2027-01-01T12:00Z', '2027-01-01T12:00:00.000Z'],
    ['2036-11-05T10:00:00Z', '2036-11-05T10:00:00.000Z'],
  ])('may be a span, a date or an instant: %s', (text, expected) => {
    expect(parseExpiry(text, NOW)).toBe(expected);
  });

  it.each([
    '2027-02-30',
    '2027-02-29',
    '1 Jan 2030',
    '2027-01-01T12:00:00',
    '+090000-01-01T00:00:00Z',
    '275760-09-13',
    '',
    ' 90d',
    '-1d',
    '1.5d',
  ])('is refused where it is none of these, or no real day: %j', (text) => {
    expect(() => parseExpiry(text, NOW)).toThrow('--expires takes a span such as 90d or 12h');
  });

  it.each([
    ['3600', 'write 3600d for days, 3600h for hours, or 1h if it was meant in seconds'],
    ['90', 'write 90d for days, 90h for hours.'],
    ['9999', 'write 9999d for days'],
    ['2030', 'For the start of that year write 2030-01-01.'],
  ])('as a number without a unit is refused with what it may mean: %s', (text, meaning) => {
    expect(() => parseExpiry(text, NOW)).toThrow(meaning);
  });

  it.each(['2036-11-06', '9999-01-01', '3654d', '999999h'])('is at most ten years ahead: %s', (text) => {
    expect(() => parseExpiry(text, NOW)).toThrow('more than 10 years ahead');
  });
});

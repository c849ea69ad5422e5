import { describe, expect, it } from 'vitest';
import { percent } from './percent.ts';

describe('a percentage', () => {
  it.each([
    [1, '100.0 %'],
    [0, '0.0 %'],
    [0.5813, '58.1 %'],
    [2 / 3, '66.7 %'],
    [0.7345, '73.4 %'],
    [0.7355, '73.6 %'],
    [9999 / 10_000, '> 99.9 %'],
    [1 / 10_000, '< 0.1 %'],
    [0.9994, '99.9 %'],
  ])('of %d is %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

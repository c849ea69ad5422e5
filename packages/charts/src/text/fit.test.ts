import { describe, expect, it } from 'vitest';
import { fitLine, shortenAll, wrapLines } from './fit.ts';
import { textWidth } from './font.ts';

const LINE = { size: 12, width: 72 };

describe('a name that is too long', () => {
  it('is shortened at its end, or in its middle', () => {
    expect(fitLine('Short', LINE)).toBe('Short');
    const name = 'production-payments-database-1';
    expect(fitLine(name, LINE)).toBe('productio…');
    expect(fitLine(name, LINE, 'both ends')).toMatch(/^prod.*….*e-1$/);
    for (const keep of ['start', 'both ends'] as const) expect(textWidth(fitLine(name, LINE, keep), 12)).toBeLessThanOrEqual(72);
  });

  it('is broken between words, at capitals and at the marks of an ARN', () => {
    expect(wrapLines('Amazon S3 in eu-central-1', { ...LINE, max: 3 })).toEqual(['Amazon S3', 'in eu-', 'central-1']);
    expect(wrapLines('AmazonCloudWatchLogs', { ...LINE, max: 3 })).toEqual(['Amazon', 'CloudWatch', 'Logs']);
    expect(wrapLines('Simple', { ...LINE, max: 3 })).toEqual(['Simple']);
    expect(wrapLines('', { ...LINE, max: 3 })).toEqual([]);
  });

  it('keeps both of its ends where it would look like another one', () => {
    const names = ['production-payments-database-1', 'production-payments-database-2', 'other'];
    const short = shortenAll(names, (name, keep) => fitLine(name, LINE, keep));
    expect(new Set(short).size).toBe(3);
    expect(short[2]).toBe('other');
  });
});

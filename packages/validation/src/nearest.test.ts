import { describe, expect, it } from 'vitest';
import { didYouMean, findNearest } from './nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['regoin', ['region', 'account'], 'region'],
    ['resourceTypes', ['resource_types', 'resource_arns'], 'resource_types'],
    ['http-port', ['http', 'tools'], undefined],
    ['x', [], undefined],
    ['FAIRWAY_LOGLEVEL', ['FAIRWAY_LOG_LEVEL', 'FAIRWAY_LOG_FORMAT'], 'FAIRWAY_LOG_LEVEL'],
  ])('to %j among %j is %j', (name, candidates, expected) => {
    expect(findNearest(name, candidates)).toBe(expected);
  });

  it('is not searched for a text that is longer than any name', () => {
    let compared = 0;
    const candidates = {
      *[Symbol.iterator]() {
        compared += 1;
        yield 'name';
      },
    };
    expect(findNearest('n'.repeat(1_000_000), candidates)).toBeUndefined();
    expect(compared).toBe(0);
  });

  it('is suggested as a question, or not at all', () => {
    expect(didYouMean('wiat', ['wait', 'echo'])).toBe(' Did you mean "wait"?');
    expect(didYouMean('zzzzzz', ['wait', 'echo'])).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

describe('nearest', () => {
  it.each([
    ['regoin', ['region', 'account'], 'region'],
    ['resourceTypes', ['resource_types', 'resource_arns'], 'resource_types'],
    ['http-port', ['http', 'tools'], undefined],
    ['x', [], undefined],
    ['FAIRWAY_LOGLEVEL', ['FAIRWAY_LOG_LEVEL', 'FAIRWAY_LOG_FORMAT'], 'FAIRWAY_LOG_LEVEL'],
  ])('of %j among %j is %j', (name, candidates, expected) => {
    expect(nearest(name, candidates)).toBe(expected);
  });

  it('becomes a question, or nothing at all', () => {
    expect(didYouMean('wiat', ['wait', 'echo'])).toBe(' Did you mean "wait"?');
    expect(didYouMean('zzzzzz', ['wait', 'echo'])).toBe('');
  });
});

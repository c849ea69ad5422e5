import { describe, expect, it } from 'vitest';
import { stageValue } from './environments.ts';

describe('a stage', () => {
  it.each([
    ['prod', ['production', 'staging'], 'production', true],
    ['PRD', ['Prod', 'Dev'], 'Prod', true],
    ['live', ['prod', 'test'], 'prod', true],
    ['stg', ['staging', 'production'], 'staging', true],
    ['uat', ['staging', 'production'], 'staging', false],
    ['qa', ['staging', 'test'], 'test', false],
    ['preprod', ['staging', 'pre-production'], 'pre-production', true],
    ['sbx', ['development'], 'development', false],
  ])('%s of %j is %s', (word, values, value, isExact) => {
    expect(stageValue(word, values)).toEqual({ value, isExact });
  });

  it.each([
    ['payments', ['production']],
    ['prod', ['staging', 'development']],
    ['prod', ['prod', 'production']],
    ['dev', []],
  ])('%s of %j is none', (word, values) => {
    expect(stageValue(word, values)).toBeUndefined();
  });
});

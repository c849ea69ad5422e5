import { describe, expect, it } from 'vitest';
import { type CoverageEntry, toCoverage } from './coverage.ts';
import { partlySeenTypes } from './seen-types.ts';

function entry(types: string[], status: CoverageEntry['status'], region = 'eu-west-1'): CoverageEntry {
  return { account: '1', region, types, status, resources: 1 };
}

describe('types that were partly seen', () => {
  it('are those of gaps, and found ones that only the Tagging API lists', () => {
    const coverage = toCoverage([
      entry(['*'], 'complete'),
      entry(['ec2:instance'], 'complete'),
      entry(['rds:db'], 'complete'),
      entry(['rds:db'], 'missing', 'us-east-1'),
    ]);
    expect(partlySeenTypes(coverage, ['ec2:instance', 'kms:key', 'rds:db'])).toEqual(['kms:key', 'rds:db']);
    expect(partlySeenTypes(toCoverage([entry(['*'], 'missing')]), [])).toEqual(['*']);
  });
});

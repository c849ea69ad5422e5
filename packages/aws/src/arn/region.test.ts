import { readableForm } from '@fairway-mcp/validation';
import { describe, expect, it } from 'vitest';
import { accountId, region, regionOrGlobal } from './region.ts';
import { isKnownRegion, REGION_NAMES } from './region-names.ts';

describe('region input', () => {
  it.each(['us-east-1', 'eu-central-2', 'ap-southeast-4', 'us-gov-west-1', 'cn-northwest-1', 'mx-central-1', 'us-iso-east-1'])(
    'accepts %s',
    (code) => {
      expect(region().safeParse(code).success).toBe(true);
    },
  );

  it.each(['', 'us-east', 'US-EAST-1', 'us_east_1', 'eu-central-1a', 'us-east-1; drop'])('rejects %j', (code) => {
    expect(region().safeParse(code).success).toBe(false);
  });
});

it('a region or what has none may be given where both exist', () => {
  expect(['global', 'eu-central-2', 'Global', '', 'global-1'].map((name) => regionOrGlobal().safeParse(name).success)).toEqual([
    ...[true, true, false, false, false],
  ]);
});

describe('account id input', () => {
  it('accepts 12 digits as text only, so that leading zeros survive', () => {
    expect(accountId().safeParse('012345678901').success).toBe(true);
    expect(accountId().safeParse(12345678901).success).toBe(false);
    expect(accountId().safeParse('12345').success).toBe(false);
  });
});

it('regions and account ids may be shown in the audit trail', () => {
  expect([region(), regionOrGlobal(), accountId()].every((schema) => readableForm(schema) !== undefined)).toBe(true);
});

describe('known regions', () => {
  it('have the form of a region, each once', () => {
    expect(REGION_NAMES.filter((name) => !region().safeParse(name).success)).toEqual([]);
    expect(new Set(REGION_NAMES).size).toBe(REGION_NAMES.length);
  });

  it.each([
    ['us-east-1', true],
    ['cn-north-1', true],
    ['us-east-11', false],
    ['constructor', false],
  ])('include %s: %s', (name, isKnown) => {
    expect(isKnownRegion(name)).toBe(isKnown);
  });
});

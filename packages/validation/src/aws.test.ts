import { describe, expect, it } from 'vitest';
import { accountId, region } from './aws.ts';

describe('AWS inputs', () => {
  it.each(['us-east-1', 'eu-central-2', 'ap-southeast-4', 'us-gov-west-1', 'cn-northwest-1', 'mx-central-1', 'us-iso-east-1'])(
    'takes the region %s',
    (code) => {
      expect(region().safeParse(code).success).toBe(true);
    },
  );

  it.each(['', 'us-east', 'US-EAST-1', 'us_east_1', 'eu-central-1a', 'us-east-1; drop'])('refuses the region %j', (code) => {
    expect(region().safeParse(code).success).toBe(false);
  });

  it('takes account ids as text only, leading zeros and all', () => {
    expect(accountId().safeParse('012345678901').success).toBe(true);
    expect(accountId().safeParse(12345678901).success).toBe(false);
    expect(accountId().safeParse('12345').success).toBe(false);
  });
});

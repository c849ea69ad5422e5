import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countByType } from './resource-counts.ts';
import { RESOURCE_TYPES } from './resource-types.ts';

describe('countByType', () => {
  it('adds up to the size, and has every type when the size allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (size) => {
        const counts = countByType(size);
        expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(size);
        expect(counts.size).toBe(Math.min(size, RESOURCE_TYPES.length));
        expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('never has fewer subnets or security groups than VPCs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 200_000 }), (size) => {
        const counts = countByType(size);
        const vpcs = counts.get('ec2:vpc') ?? 0;
        expect(counts.get('ec2:subnet')).toBeGreaterThanOrEqual(vpcs);
        expect(counts.get('ec2:security-group')).toBeGreaterThanOrEqual(vpcs);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chargeCost,
  dailyCost,
  dayOf,
  formatUsd,
  generateOrganization,
  isoDay,
  monthlyCost,
  type OrganizationResource,
  resourceCost,
} from './index.ts';

const organization = generateOrganization({ seed: 11, size: 3000 });
const today = dayOf(organization.now);
const costly = organization.resources.filter(({ cost }) => cost !== undefined);
const days = fc.integer({ min: today - 800, max: today + 400 });

function dollars(resources: readonly OrganizationResource[]): number {
  return resources.reduce((sum, resource) => sum + resourceCost(resource, today - 30, today), 0) / 1e10;
}

describe('spend', () => {
  it('of a span is the sum of its parts', () => {
    fc.assert(
      fc.property(fc.constantFrom(...costly), fc.tuple(days, days, days), (resource, marks) => {
        const [start = 0, middle = 0, end = 0] = marks.toSorted((a, b) => a - b);
        expect(resourceCost(resource, start, middle) + resourceCost(resource, middle, end)).toBe(resourceCost(resource, start, end));
      }),
    );
  });

  it('of a month is the sum of its days, to the last decimal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...costly), (resource) => {
        const each = Array.from({ length: 30 }, (_, index) => dailyCost(resource, isoDay(today - 30 + index)));
        const units = each.reduce((sum, amount) => sum + unitsOf(amount), 0n);
        expect(formatUsd(units)).toBe(monthlyCost(resource, organization.now));
      }),
    );
  });

  it('begins on the day of creation', () => {
    for (const resource of costly.slice(0, 200)) {
      const born = dayOf(resource.createdAt);
      expect(resourceCost(resource, born - 100, born)).toBe(0);
      expect(resourceCost(resource, born, born + 1)).toBeGreaterThan(0);
    }
  });

  it('differs from day to day, and office hours cost less at weekends', () => {
    const idle = costly.filter(({ cost }) => cost?.curve === 1 && dayOf(organization.now) > 0);
    const saturday = today - ((new Date(today * 86_400_000).getUTCDay() + 1) % 7) - 7;
    const [weekday, weekend] = [saturday - 2, saturday].map((day) =>
      idle.reduce((sum, resource) => sum + resourceCost(resource, day, day + 1), 0),
    );
    expect(new Date(saturday * 86_400_000).getUTCDay()).toBe(6);
    expect(weekend ?? 0).toBeLessThan((weekday ?? 0) * 0.8);
  });

  it('has a long tail, and most network resources cost nothing', () => {
    const amounts = costly.map((resource) => resourceCost(resource, today - 30, today)).toSorted((a, b) => b - a);
    const top = amounts.slice(0, Math.ceil(amounts.length / 10)).reduce((sum, amount) => sum + amount, 0);
    expect(top / amounts.reduce((sum, amount) => sum + amount, 0)).toBeGreaterThan(0.5);
    for (const { type, cost } of organization.resources) {
      if (['ec2:vpc', 'ec2:subnet', 'ec2:security-group', 'ec2:network-interface'].includes(type)) expect(cost).toBeUndefined();
    }
  });

  it('is partly untagged, and partly belongs to no resource', () => {
    const all = dollars(organization.resources);
    const offending = dollars(organization.resources.filter(({ arn }) => organization.truth.get(arn)?.flaw !== 'none')) / all;
    const shared = organization.sharedCharges.reduce((sum, charge) => sum + Number(chargeCost(charge, today - 31, today)), 0) / 1e10;
    expect(offending).toBeGreaterThan(0.12);
    expect(offending).toBeLessThan(0.5);
    expect(shared / all).toBeGreaterThan(0.03);
    expect(new Set(organization.sharedCharges.map(({ recordType }) => recordType))).toEqual(new Set(['Usage', 'Tax', 'Support']));
  });

  it('of a monthly charge falls on the first day of the month', () => {
    const tax = organization.sharedCharges.find(({ recordType }) => recordType === 'Tax');
    if (tax === undefined) throw new Error('the organization pays no tax');
    const [first, second] = [dayOf('2026-10-01'), dayOf('2026-10-02')];
    expect(chargeCost(tax, first, second)).toBeGreaterThan(0n);
    expect(chargeCost(tax, second, dayOf('2026-11-01'))).toBe(0n);
  });
});

describe('formatUsd', () => {
  it('writes amounts that read back the same, without needless zeros', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (units) => {
        const text = formatUsd(units);
        expect(unitsOf(text)).toBe(units);
        expect(text).toMatch(/^-?\d+(\.\d{0,9}[1-9])?$/);
      }),
    );
  });
});

/** An amount in 1e-10 USD. */
function unitsOf(amount: string): bigint {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  return BigInt(`${sign}${whole}${decimals.padEnd(10, '0')}`);
}

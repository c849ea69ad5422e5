import { costShape, STEADY_CURVE } from './cost.ts';
import type { OrganizationResource, SharedCharge } from './types.ts';

const TAX_RATE = 0.08;
const SUPPORT_RATE = 0.06;
const TRANSFER_RATE = 0.045;
const POINTS_PER_MONTH = 3000;
const UNITS_PER_DOLLAR = 10_000_000_000;

/** What comes on top of the resources, for each account: data transfer by region, support, tax. */
export function sharedCharges(resources: readonly OrganizationResource[]): SharedCharge[] {
  const byAccount = Map.groupBy(resources, ({ account }) => account);
  return [...byAccount].toSorted(byKey).flatMap(([account, own]) => {
    const dollars = monthlyDollars(own);
    return [
      ...transfer(account, own),
      charge(
        { account, region: 'NoRegion', service: 'AWS Support (Business)', usageType: 'Dollar', recordType: 'Support', rhythm: 'monthly' },
        dollars * SUPPORT_RATE,
      ),
      charge(
        { account, region: 'NoRegion', service: 'Tax', usageType: 'NoUsageType', recordType: 'Tax', rhythm: 'monthly' },
        dollars * TAX_RATE,
      ),
    ].flat();
  });
}

function transfer(account: string, own: readonly OrganizationResource[]): SharedCharge[] {
  const byRegion = Map.groupBy(own, ({ region }) => region);
  byRegion.delete('global');
  return [...byRegion]
    .toSorted(byKey)
    .flatMap(([region, resources]) =>
      charge(
        { account, region, service: 'AWS Data Transfer', usageType: 'DataTransfer-Regional-Bytes', recordType: 'Usage', rhythm: 'daily' },
        monthlyDollars(resources) * TRANSFER_RATE,
      ),
    );
}

function charge(what: Omit<SharedCharge, 'cost'>, dollars: number): SharedCharge[] {
  const cost = costShape(dollars, STEADY_CURVE, 0);
  return cost === undefined ? [] : [{ ...what, cost }];
}

function monthlyDollars(resources: readonly OrganizationResource[]): number {
  return resources.reduce((sum, { cost }) => sum + (cost?.unit ?? 0), 0) * (POINTS_PER_MONTH / UNITS_PER_DOLLAR);
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

import { chargeCost, dayOf, formatUsd, isoDay, monthlyCost, type Organization, resourceCost } from '@fairway-mcp/aws-sample';
import type { Resource } from '../inventory/resource.ts';
import type { AttributedSpend, CostGrouping, RequiredTag, ResourceCosts, Source } from '../inventory/source.ts';

const MONTH_DAYS = 30;

/** The last 30 days of the organization. */
export function sampleResourceCosts(organization: Organization, resources: readonly Resource[]): ResourceCosts {
  const wanted = new Set(resources.map(({ arn }) => arn));
  const billed = organization.resources.filter(({ arn, cost }) => wanted.has(arn) && cost !== undefined);
  const today = dayOf(organization.now);
  const unknown = resources.length - billed.length;
  return {
    byArn: new Map(billed.map((resource) => [resource.arn, monthlyCost(resource, organization.now)])),
    currency: 'USD',
    period: { start: isoDay(today - MONTH_DAYS), end: isoDay(today) },
    price: '0',
    caveats:
      unknown === 0
        ? []
        : [`The bill names no cost for ${unknown} of ${resources.length} resources. Their cost is unknown, which is not zero.`],
  };
}

type SpendQuery = Parameters<Source['attributedSpend']>[0];

interface Line {
  account: string;
  region: string;
  type: string;
  /** 1e-10 USD. */
  units: bigint;
  isAttributable: boolean;
  isTaggable: boolean;
}

/** Spend of resources and what is charged beside them, without tax, as Cost Explorer would group it. */
export function sampleSpend(organization: Organization, query: SpendQuery): AttributedSpend {
  const inactive = query.required.filter(({ key }) => !organization.costAllocationTags.includes(key));
  const groups = new Map<string, { total: bigint; attributable: bigint; taggable: bigint }>();
  for (const line of linesOf(organization, query)) {
    if (!isWanted(line.account, query.accounts) || !isWanted(line.region, query.regions) || line.units === 0n) continue;
    const key = groupKey(query.groupBy, line);
    const { total, attributable, taggable } = groups.get(key) ?? { total: 0n, attributable: 0n, taggable: 0n };
    groups.set(key, {
      total: total + line.units,
      attributable: line.isAttributable && inactive.length === 0 ? attributable + line.units : attributable,
      taggable: line.isTaggable ? taggable + line.units : taggable,
    });
  }
  return {
    groups: [...groups]
      .toSorted(([, a], [, b]) => Number(b.total - a.total))
      .map(([key, { total, attributable, taggable }]) => ({
        key,
        total: formatUsd(total),
        attributable: formatUsd(attributable),
        taggable: formatUsd(taggable),
      })),
    currency: 'USD',
    price: '0',
    method: 'cost_allocation_tags',
    caveats: [
      'Tax is left out: it cannot carry tags.',
      ...inactive.map(({ key }) => `The tag ${key} is not activated for cost allocation. Until it is, no spend counts as attributable.`),
    ],
  };
}

function linesOf(organization: Organization, { start, end, required }: SpendQuery): Line[] {
  const [from, to] = [dayOf(start), dayOf(end)];
  return [
    ...organization.resources.map((resource) => ({
      account: resource.account,
      region: resource.region,
      type: resource.type,
      units: BigInt(resourceCost(resource, from, to)),
      isAttributable: required.every((tag) => carries(resource.tags ?? {}, tag)),
      isTaggable: true,
    })),
    ...organization.sharedCharges
      .filter(({ recordType }) => recordType !== 'Tax')
      .map((charge) => ({
        account: charge.account,
        region: charge.region === 'NoRegion' ? 'global' : charge.region,
        type: `other: ${charge.service}`,
        units: chargeCost(charge, from, to),
        isAttributable: required.length === 0,
        isTaggable: charge.recordType === 'Usage',
      })),
  ];
}

function carries(tags: Readonly<Record<string, string>>, { key, values }: RequiredTag): boolean {
  return Object.hasOwn(tags, key) && (values.length === 0 || values.includes(tags[key] ?? ''));
}

function isWanted(value: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.includes(value);
}

function groupKey(groupBy: CostGrouping, { account, region, type }: Line): string {
  return { account, region, resource_type: type }[groupBy];
}

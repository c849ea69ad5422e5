import { allocationTags, chargeCost, dayOf, formatUsd, isoDay, type Organization, resourceCost } from '@fairway-mcp/aws-sample';
import { ToolError } from '@fairway-mcp/kit';
import { Big } from 'big.js';
import { demandCaveats, isAnyRequired, tagsAskedOf } from '../compliance/demands.ts';
import { type SpentValues, wrongValueCaveat } from '../compliance/spent-values.ts';
import { servicesOf } from '../inventory/service-types.ts';
import type { AttributedSpend, CostGrouping, RequiredTag, Source } from '../inventory/source.ts';
import { isWanted } from './wanted.ts';

type SpendQuery = Parameters<Source['attributedSpend']>[0];

interface Line {
  account: string;
  region: string;
  type: string;
  service: string;
  /** Tags that are activated for cost allocation. */
  tags: Readonly<Record<string, string>>;
  /** 1e-10 USD. */
  units: bigint;
  isTaggable: boolean;
}

/** Spend of resources and what is charged beside them, without tax, as Cost Explorer would group it. */
export function sampleSpend(organization: Organization, query: SpendQuery): AttributedSpend {
  checkPeriod(organization, query);
  const { required, groupBy, accounts, regions } = query;
  const lines = linesOf(organization, query).filter(
    ({ account, region, units }) => isWanted(account, accounts) && isWanted(region, regions) && units !== 0n,
  );
  const isAttributable = ({ service, tags }: Line) => tagsAskedOf(service, required).every((tag) => carries(tags, tag));
  const gap = lines.filter((line) => !isAnyRequired(line.service, required) && !isAttributable(line));
  const inactive = required.filter(({ key }) => !organization.costAllocationTags.includes(key));
  return {
    groups: [...Map.groupBy(lines, (line) => groupKey(groupBy, line))]
      .map(([key, group]) => ({
        key,
        total: sumOf(group),
        attributable: sumOf(group.filter(isAttributable)),
        taggable: sumOf(group.filter(({ isTaggable }) => isTaggable)),
      }))
      .toSorted((a, b) => Number(b.total - a.total))
      .map(({ key, total, attributable, taggable }) => ({
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
      ...inactive.map(
        ({ key }) => `The tag ${key} is not activated for cost allocation: spend that must carry it counts as not attributable.`,
      ),
      ...required.filter(({ values }) => values === undefined).flatMap((tag) => wrongValueCaveat(tag, spentValues(lines, tag.key), 'USD')),
      ...demandCaveats(required, new Big(formatUsd(sumOf(gap))), 'USD'),
    ],
  };
}

const BILLED_MONTHS = 13;

/** @throws ToolError as of Cost Explorer, which has no older bills and none of the future */
function checkPeriod({ now }: Organization, { start, end }: SpendQuery): void {
  const present = new Date(now);
  const first = new Date(Date.UTC(present.getUTCFullYear(), present.getUTCMonth() - BILLED_MONTHS, 1)).toISOString().slice(0, 10);
  if (start >= first && dayOf(end) <= dayOf(now) + 1) return;
  throw new ToolError({
    kind: 'invalid_input',
    message: `time_period: the bill of the sample organization covers ${first}/${isoDay(dayOf(now))}, not ${start}/${end}.`,
    remedy: 'Ask for a period within it, such as last_30_days: those end where this bill ends.',
  });
}

function linesOf({ resources, sharedCharges, costAllocationTags, now }: Organization, { start, end }: SpendQuery): Line[] {
  const to = Math.min(dayOf(end), dayOf(now));
  const from = Math.min(dayOf(start), to);
  return [
    ...resources.map((resource) => ({
      account: resource.account,
      region: resource.region,
      type: resource.type,
      service: servicesOf([resource.type])[0] ?? '',
      tags: allocationTags(resource.tags ?? {}, costAllocationTags),
      units: BigInt(resourceCost(resource, from, to)),
      isTaggable: true,
    })),
    ...sharedCharges
      .filter(({ recordType }) => recordType !== 'Tax')
      .map((charge) => ({
        account: charge.account,
        region: charge.region === 'NoRegion' ? 'global' : charge.region,
        type: `other: ${charge.service}`,
        service: charge.service,
        tags: {},
        units: chargeCost(charge, from, to),
        isTaggable: charge.recordType === 'Usage',
      })),
  ];
}

function sumOf(lines: readonly Line[]): bigint {
  return lines.reduce((sum, { units }) => sum + units, 0n);
}

function spentValues(lines: readonly Line[], key: string): SpentValues {
  const byValue = Map.groupBy(lines, ({ tags }) => ownTag(tags, key) ?? '');
  return new Map([...byValue].map(([value, some]) => [value, new Big(formatUsd(sumOf(some)))]));
}

function carries(tags: Readonly<Record<string, string>>, { key, accepts }: RequiredTag): boolean {
  const value = ownTag(tags, key);
  return value !== undefined && accepts(value);
}

/** Not what an object inherits: a tag may be called "constructor". */
function ownTag(tags: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}

function groupKey(groupBy: CostGrouping, { account, region, type }: Line): string {
  return { account, region, resource_type: type }[groupBy];
}

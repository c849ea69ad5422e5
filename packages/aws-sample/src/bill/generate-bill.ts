import { allocationTags } from '../allocation-tags.ts';
import { TEAMS } from '../company.ts';
import { chargeCost, dayOf, resourceCost } from '../cost.ts';
import { generateOrganization, type OrganizationOptions } from '../generate.ts';
import type { Organization, OrganizationResource, SharedCharge, Tags } from '../types.ts';
import { billedUsage } from '../usage-types.ts';
import type { Charge } from './charge.ts';
import { applySavingsPlan, reservedDatabase } from './commitments.ts';
import { chargeOf, type Line, lineOf } from './draft.ts';
import { accountOf, BILL_EVENTS, eventSeries, type Series } from './events.ts';

export interface Bill {
  /** Whose bill it is: all of its resources and shared charges are in it. */
  organization: Organization;
  /** The present as an ISO instant. Its day is not complete. */
  now: string;
  /** The first day that has charges. */
  start: string;
  charges: readonly Charge[];
}

export interface BillOptions extends Omit<OrganizationOptions, 'now'> {
  /** The first day; by default 13 months back, the present one included. */
  start?: string;
}

/** The present of every generated bill: what happened to it has fixed days. */
export const BILL_NOW = '2026-11-17T08:00:00.000Z';
export const BILL_START = '2025-11-01';
export const DEFAULT_BILL_SIZE = 400;

/**
 * The bill of a made-up organization, a charge for each of its lines and days: usage of its resources, what is charged beside them, a Savings
 * Plan, a reservation that nobody uses any more, credits, refunds, tax, and the events in {@link BILL_EVENTS}. The last day has had eight hours.
 * Pure: the same options give the same bill, everywhere.
 */
export function generateBill({ start = BILL_START, size = DEFAULT_BILL_SIZE, ...options }: BillOptions = {}): Bill {
  const organization = generateOrganization({ ...options, size });
  const resources = organization.resources.filter(({ cost }) => cost !== undefined).map((resource) => ofResource(resource, organization));
  const shared = [...organization.sharedCharges.map(ofSharedCharge), ...eventSeries()];
  const today = dayOf(BILL_NOW);
  const charges: Charge[] = [];
  for (let day = dayOf(start); day <= today; day += 1)
    for (const charge of chargesOf(day, { resources, shared, share: day === today ? partOfToday : whole })) charges.push(charge);
  return { organization, now: BILL_NOW, start, charges };
}

interface DayParts {
  resources: readonly ResourceSeries[];
  shared: readonly Series[];
  share: (amount: bigint) => bigint;
}

interface ResourceSeries {
  line: Line;
  resource: OrganizationResource;
}

function chargesOf(day: number, { resources, shared, share }: DayParts): Charge[] {
  const usage = resources
    .map(({ line, resource }) => ({ line, list: share(BigInt(resourceCost(resource, day, day + 1))) }))
    .filter(({ list }) => list > 0n);
  const [discounted, others] = [usage.filter(hasDiscount), usage.filter((one) => !hasDiscount(one))];
  return [
    ...applySavingsPlan(others, day, share),
    ...discounted.map(({ line, list }) => chargeOf(line, day, { list, contracted: discountedCost(list, day) })),
    ...reservedDatabase(day, share),
    ...shared.flatMap(({ line, on }) => {
      const amounts = on(day);
      return amounts === undefined || amounts.list === 0n ? [] : [chargeOf(line, day, { ...amounts, list: share(amounts.list) })];
    }),
  ];
}

function hasDiscount({ line }: { line: Line }): boolean {
  return line.serviceName === BILL_EVENTS.priceChange.serviceName;
}

function discountedCost(list: bigint, day: number): bigint {
  const { discountUntil, discountPercent } = BILL_EVENTS.priceChange;
  return day < dayOf(discountUntil) ? (list * BigInt(100 - discountPercent)) / 100n : list;
}

/** The present is eight o'clock. */
function partOfToday(amount: bigint): bigint {
  return amount / 3n;
}

function whole(amount: bigint): bigint {
  return amount;
}

function ofResource(resource: OrganizationResource, { costAllocationTags }: Organization): ResourceSeries {
  const { service, serviceName = service, serviceCode, usageType, operation, unit, unitsPerDollar } = billedUsage(resource);
  const tags = allocationTags(resource.tags ?? {}, costAllocationTags);
  const line = lineOf({
    account: accountOf(resource.account),
    serviceName,
    serviceCode,
    costExplorerService: service,
    chargeDescription: `${usageType} in ${resource.region}`,
    regionId: resource.region,
    usageType,
    operation,
    resourceId: ['ec2:instance', 'ec2:volume', 's3:bucket'].includes(resource.type) ? resource.id : resource.arn,
    consumedUnit: unit,
    unitsPerDollar,
    tags,
    costCategories: businessUnit(tags),
  });
  return { line, resource };
}

const UNITS: Readonly<Record<string, string>> = { platform: 'Platform', identity: 'Platform', data: 'Data' };
const UNIT_BY_COST_CENTER: ReadonlyMap<string, string> = new Map(
  TEAMS.map(({ name, costCenter }) => [costCenter, UNITS[name] ?? 'Commerce']),
);

/** A cost category by cost center, which charges with a wrong one or none do not have. */
function businessUnit({ CostCenter = '' }: Tags): Tags {
  const unit = UNIT_BY_COST_CENTER.get(CostCenter);
  return unit === undefined ? {} : { BusinessUnit: unit };
}

const KINDS = {
  Usage: { chargeCategory: 'Usage', pricingCategory: 'Standard' },
  Support: { chargeCategory: 'Purchase', pricingCategory: 'Standard' },
  Tax: { chargeCategory: 'Tax', pricingCategory: undefined },
} as const;

function ofSharedCharge(charge: SharedCharge): Series {
  const { recordType, service, region, usageType } = charge;
  const line = lineOf({
    ...KINDS[recordType],
    account: accountOf(charge.account),
    recordType,
    // FOCUS names the service that is taxed.
    serviceName: recordType === 'Tax' ? 'Amazon Elastic Compute Cloud' : service,
    costExplorerService: service,
    serviceCode: service.replaceAll(/[^A-Za-z]/g, ''),
    chargeDescription: service,
    regionId: region === 'NoRegion' ? undefined : region,
    usageType: recordType === 'Usage' ? usageType : undefined,
    ...(recordType === 'Usage' && { consumedUnit: 'GB', unitsPerDollar: 100 }),
  });
  return { line, on: (day) => ({ list: chargeCost(charge, day, day + 1) }) };
}

import { AwsError } from '@fairway-mcp/aws';
import { priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import { Big } from 'big.js';
import type { Resource } from '../../inventory/resource.ts';
import { servicesOf } from '../../inventory/service-types.ts';
import type { CallContext, ResourceCosts } from '../../inventory/source.ts';
import { runUntilDeadline } from '../deadline.ts';
import { type CostExplorer, dimension, type Filter } from './cost-explorer.ts';

const DAY_MS = 86_400_000;
/** How many days back Cost Explorer knows the costs of single resources. */
const KNOWN_DAYS = 14;
const MONTH_DAYS = 30;

/**
 * What each resource costs in 30 days, scaled from what Cost Explorer knows of the last 14. Costs that cannot be read (not enabled in the
 * account, not allowed, not in time, not in the bill, or beyond the daily budget) are left out, and a caveat says why: that is no error.
 */
export async function resourceCosts(
  costExplorer: CostExplorer,
  resources: readonly Resource[],
  call: CallContext,
  now: Date,
): Promise<ResourceCosts> {
  const period = { start: isoDay(now, -KNOWN_DAYS), end: isoDay(now, 0) };
  const unknown = { byArn: new Map<string, string>(), currency: 'USD', period, price: '0' };
  const services = servicesOf(resources.map(({ type }) => type));
  if (services.length === 0)
    return { ...unknown, caveats: resources.length === 0 ? [] : ['Cost Explorer bills none of these types by resource.'] };
  try {
    call.progress(0, 1, 'Querying Cost Explorer for costs by resource');
    const question = { ...period, filter: filterOf(resources, services), groupBy: [dimension('RESOURCE_ID')] };
    const { value, pages } = await runUntilDeadline(call, 'The query to Cost Explorer', ({ signal }) =>
      costExplorer.spendByResource(question, signal),
    );
    call.progress(1, 1, 'Costs by resource were read');
    const byArn = match(resources, value.groups);
    return { byArn, currency: value.currency, period, price: priceOf(pages), caveats: unknownCaveat(resources.length, byArn.size) };
  } catch (error) {
    call.signal.throwIfAborted();
    if (error instanceof AwsError) return { ...unknown, caveats: [whyUnknown(error)] };
    if (error instanceof ToolError) return { ...unknown, caveats: [`${error.message} ${error.remedy}`] };
    throw error;
  }
}

function filterOf(resources: readonly Resource[], services: readonly string[]): Filter {
  const accounts = [...new Set(resources.map(({ account }) => account))].sort();
  const regions = [...new Set(resources.map(({ region }) => region))].sort();
  return {
    And: [
      { Dimensions: { Key: 'SERVICE', Values: [...services] } },
      { Dimensions: { Key: 'LINKED_ACCOUNT', Values: accounts } },
      // Resources that belong to no region appear on the bill under any region, so that filtering by region would lose them.
      ...(regions.includes('global') ? [] : [{ Dimensions: { Key: 'REGION' as const, Values: regions } }]),
    ],
  };
}

/** The costs in 30 days by ARN, from those lines of the bill that name one of the resources. */
function match(resources: readonly Resource[], lines: readonly { keys: readonly string[]; amount: string }[]): Map<string, string> {
  const arnOf = new Map(resources.flatMap((resource) => billedAs(resource).map((id) => [id, resource.arn] as const)));
  const sums = new Map<string, Big>();
  for (const { keys, amount } of lines) {
    const [id = ''] = keys;
    const arn = arnOf.get(id) ?? arnOf.get(idIn(id));
    if (arn !== undefined) sums.set(arn, new Big(amount).plus(sums.get(arn) ?? 0));
  }
  return new Map(
    [...sums].map(([arn, sum]) => [
      arn,
      sum
        .times(MONTH_DAYS)
        .div(KNOWN_DAYS)
        .toFixed(10)
        .replace(/\.?0+$/, ''),
    ]),
  );
}

/** How the bill may name a resource: by its ARN, a bucket by its name, others by an id that AWS generated. */
function billedAs({ arn, type, name }: Resource): string[] {
  if (type === 's3:bucket') return [arn, name];
  const id = idIn(arn);
  return id === arn ? [arn] : [arn, id];
}

/** The id at the end of an ARN if AWS generated it (`i-0…`, `vol-0…`), and so is unique; otherwise the whole ARN. */
function idIn(arn: string): string {
  return /[/:]([a-z]+-[0-9a-f]{8,17})$/.exec(arn)?.[1] ?? arn;
}

function unknownCaveat(all: number, known: number): string[] {
  return known === all
    ? []
    : [`Cost Explorer has no cost for ${all - known} of ${all} resources. Their cost is unknown, which is not zero.`];
}

function whyUnknown({ action, failure, code, message }: AwsError): string {
  if (failure === 'rejected' || failure === 'not_found')
    return `Costs by resource are not available (${code}). They must be enabled first: in the billing console under Cost Management preferences, "Resource-level data at daily granularity" for each service. AWS takes up to 48 hours after that.`;
  if (failure === 'access_denied') return `Costs by resource are not available: allow ${action} for this identity.`;
  return `Costs by resource are not available: ${message}`;
}

function isoDay(now: Date, days: number): string {
  return new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

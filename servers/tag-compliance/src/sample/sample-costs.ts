import { dayOf, isoDay, monthlyCost, type Organization } from '@fairway-mcp/aws-sample';
import type { Resource } from '../inventory/resource.ts';
import type { ResourceCosts } from '../inventory/source.ts';

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

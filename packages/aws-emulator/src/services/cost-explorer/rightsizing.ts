import { formatUsd, resourceCost } from '@fairway-mcp/aws-sample';
import { seesCostsOf } from '../../billing-access.ts';
import type { JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import { todayOf } from './period.ts';

const MONTH_DAYS = 30;

/**
 * Every fourth instance is recommended to be terminated, every other fourth to be halved.
 * Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetRightsizingRecommendation.html
 */
export const getRightsizingRecommendation: JsonOperation = (input, call) => {
  if (input.text('Service') !== 'AmazonEC2') throw new ServiceError('ValidationException', 'Only AmazonEC2 is supported.');
  const today = todayOf(call.now);
  const found = call.state.organization.resources
    .flatMap((resource) =>
      resource.type === 'ec2:instance' && resource.cost !== undefined && seesCostsOf(call, resource.account) ? [resource] : [],
    )
    .flatMap((resource, index) => {
      if (index % 2 === 1) return [];
      const monthly = BigInt(resourceCost(resource, today - MONTH_DAYS, today));
      const details = { InstanceType: resource.attributes.instanceType, Region: resource.region };
      const saving = (amount: bigint) => ({ EstimatedMonthlySavings: formatUsd(amount), CurrencyCode: 'USD' });
      const target = (share: bigint) => ({
        ...saving(monthly / share),
        DefaultTargetInstance: share === 2n,
        ResourceDetails: { EC2ResourceDetails: { InstanceType: share === 2n ? 't3.medium' : 't3.large', Region: resource.region } },
      });
      return [
        {
          AccountId: resource.account,
          CurrentInstance: { ResourceId: resource.id, ResourceDetails: { EC2ResourceDetails: details }, MonthlyCost: formatUsd(monthly) },
          ...(index % 4 === 0
            ? { RightsizingType: 'TERMINATE', TerminateRecommendationDetail: saving(monthly) }
            : { RightsizingType: 'MODIFY', ModifyRecommendationDetail: { TargetInstances: [target(4n), target(2n)] } }),
        },
      ];
    });
  const page = call.pager.page(found, {
    listing: `ce/rightsizing/${input.fingerprint(['NextPageToken'])}`,
    limit: input.integer('PageSize') ?? 20,
    token: input.text('NextPageToken'),
  });
  return { RightsizingRecommendations: page.items, NextPageToken: page.next };
};

import { type Ask, pagesOf } from '@fairway-mcp/aws-billing';
import * as z from 'zod';
import type { Saving } from '../../planning/planning.ts';
import { amountOf } from './numbers.ts';

export const RIGHTSIZING_ACTION = 'ce:GetRightsizingRecommendation';

export const storedRightsizing = z.array(
  z.object({
    account: z.string(),
    region: z.string().optional(),
    resource: z.string(),
    action: z.enum(['Stop', 'Rightsize']),
    current: z.string().optional(),
    recommended: z.string().optional(),
    monthlySaving: z.string(),
  }),
);
export type StoredRightsizing = z.output<typeof storedRightsizing>;

/** Instances that are idle or too large. Targets are alternatives, so that the one that saves most counts. @throws AwsError, ToolError */
export async function readRightsizing(ask: Ask): Promise<StoredRightsizing> {
  const askPage = (NextPageToken: string | undefined) =>
    ask(RIGHTSIZING_ACTION, ({ client, GetRightsizingRecommendationCommand }, options) =>
      client.send(new GetRightsizingRecommendationCommand({ Service: 'AmazonEC2', PageSize: 100, NextPageToken }), options),
    );
  const found: StoredRightsizing = [];
  for await (const { RightsizingRecommendations = [] } of pagesOf(RIGHTSIZING_ACTION, askPage, ({ NextPageToken }) => NextPageToken))
    for (const one of RightsizingRecommendations) {
      const { AccountId = '', CurrentInstance, ModifyRecommendationDetail, TerminateRecommendationDetail } = one;
      const details = CurrentInstance?.ResourceDetails?.EC2ResourceDetails;
      const targets = (ModifyRecommendationDetail?.TargetInstances ?? []).toSorted(
        (a, b) => Number(b.EstimatedMonthlySavings) - Number(a.EstimatedMonthlySavings),
      );
      const [best] = targets;
      const recommended = best?.ResourceDetails?.EC2ResourceDetails?.InstanceType;
      found.push({
        account: AccountId,
        ...(details?.Region && { region: details.Region }),
        resource: CurrentInstance?.ResourceId ?? '',
        action: TerminateRecommendationDetail === undefined ? 'Rightsize' : 'Stop',
        ...(details?.InstanceType && { current: details.InstanceType }),
        ...(recommended && { recommended }),
        monthlySaving: TerminateRecommendationDetail?.EstimatedMonthlySavings ?? best?.EstimatedMonthlySavings ?? '0',
      });
    }
  return found;
}

export function toSaving({ monthlySaving, region, current, recommended, ...rest }: StoredRightsizing[number]): Saving {
  return {
    ...rest,
    region,
    current,
    recommended,
    resourceType: 'EC2 instance',
    monthlySaving: amountOf(RIGHTSIZING_ACTION, monthlySaving),
    sources: ['Cost Explorer'],
  };
}

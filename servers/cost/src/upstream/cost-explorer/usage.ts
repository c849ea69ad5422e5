import { type Ask, pagesOf } from '@fairway-mcp/aws-billing';
import type { Granularity } from '../../bill/question.ts';
import { addPage, type Cells } from './cells.ts';
import type { Expression } from './expression.ts';
import { type KnownMetric, METRICS, type Term } from './terms.ts';

/** One question to Cost Explorer: as many pages as its answer has. */
export interface UsageQuestion {
  period: { start: string; end: string };
  granularity: Granularity;
  metric: KnownMetric;
  filter: Expression | undefined;
  /** At most two. */
  groupBy: readonly Term[];
  withUsage: boolean;
  byResource: boolean;
}

export const USAGE_ACTION = 'ce:GetCostAndUsage';
export const RESOURCE_ACTION = 'ce:GetCostAndUsageWithResources';

/** @throws AwsError, ToolError `budget_exceeded` */
export async function readUsage(ask: Ask, question: UsageQuestion): Promise<Cells> {
  const { period, granularity, metric, filter: Filter, groupBy, withUsage, byResource } = question;
  const name = METRICS[metric];
  const input = {
    TimePeriod: { Start: period.start, End: period.end },
    Granularity: granularity === 'daily' ? ('DAILY' as const) : ('MONTHLY' as const),
    Metrics: withUsage ? [name, 'UsageQuantity'] : [name],
    GroupBy: [...groupBy],
  };
  const action = byResource ? RESOURCE_ACTION : USAGE_ACTION;
  const askPage = (NextPageToken: string | undefined) =>
    ask(action, ({ client, GetCostAndUsageCommand, GetCostAndUsageWithResourcesCommand }, options) =>
      byResource
        ? client.send(new GetCostAndUsageWithResourcesCommand({ ...input, Filter, NextPageToken }), options)
        : client.send(new GetCostAndUsageCommand({ ...input, ...(Filter !== undefined && { Filter }), NextPageToken }), options),
    );
  const found: Cells = { cells: [], currencies: new Set(), estimatedFrom: undefined };
  for await (const page of pagesOf(action, askPage, ({ NextPageToken }) => NextPageToken)) addPage(found, action, name, page);
  return found;
}

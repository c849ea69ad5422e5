import { listed } from '@fairway-mcp/aws';
import { type Ask, pagesOf } from '@fairway-mcp/aws-billing';
import * as z from 'zod';
import { addDays } from '../../bill/days.ts';
import type { Anomaly, Period } from '../../planning/planning.ts';
import { amountOf, optionalAmount } from './numbers.ts';

export const ANOMALIES_ACTION = 'ce:GetAnomalies';

const number = z.number().optional();
export const storedAnomalies = z.array(
  z.object({
    id: z.string(),
    start: z.string(),
    lastDay: z.string().optional(),
    impact: z.number(),
    actual: number,
    expected: number,
    causes: z.array(
      z.object({
        service: z.string().optional(),
        account: z.string().optional(),
        region: z.string().optional(),
        usageType: z.string().optional(),
        impact: number,
      }),
    ),
  }),
);
export type StoredAnomalies = z.output<typeof storedAnomalies>;

/** AWS selects anomalies by their end, so that those of the period, and those that go on, are asked for up to its end. */
export async function readAnomalies(ask: Ask, { start, end }: Period): Promise<StoredAnomalies> {
  const DateInterval = { StartDate: start, EndDate: addDays(end, -1) };
  const askPage = (NextPageToken: string | undefined) =>
    ask(ANOMALIES_ACTION, ({ client, GetAnomaliesCommand }, options) =>
      client.send(new GetAnomaliesCommand({ DateInterval, MaxResults: 100, NextPageToken }), options),
    );
  const found: StoredAnomalies = [];
  for await (const { Anomalies } of pagesOf(ANOMALIES_ACTION, askPage, ({ NextPageToken }) => NextPageToken))
    for (const { AnomalyId = '', AnomalyStartDate = '', AnomalyEndDate, Impact, RootCauses = [] } of listed(ANOMALIES_ACTION, Anomalies))
      found.push({
        id: AnomalyId,
        start: AnomalyStartDate.slice(0, 10),
        ...(AnomalyEndDate !== undefined && { lastDay: AnomalyEndDate.slice(0, 10) }),
        impact: Impact?.TotalImpact ?? Number.NaN,
        ...(Impact?.TotalActualSpend !== undefined && { actual: Impact.TotalActualSpend }),
        ...(Impact?.TotalExpectedSpend !== undefined && { expected: Impact.TotalExpectedSpend }),
        causes: RootCauses.map(({ Service, LinkedAccount, Region, UsageType, Impact: own }) => ({
          ...(Service && { service: Service }),
          ...(LinkedAccount && { account: LinkedAccount }),
          ...(Region && { region: Region }),
          ...(UsageType && { usageType: UsageType }),
          ...(own?.Contribution !== undefined && { impact: own.Contribution }),
        })),
      });
  return found;
}

export function toAnomaly({ lastDay, impact, actual, expected, causes, ...rest }: StoredAnomalies[number]): Anomaly {
  const amount = (value: number | undefined) => optionalAmount(ANOMALIES_ACTION, value);
  return {
    ...rest,
    lastDay,
    impact: amountOf(ANOMALIES_ACTION, impact),
    actual: amount(actual),
    expected: amount(expected),
    causes: causes.map(({ impact: own, service, account, region, usageType }) => ({
      ...(service !== undefined && { service }),
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
      ...(usageType !== undefined && { usageType }),
      impact: amount(own),
    })),
  };
}

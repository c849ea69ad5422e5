import { AwsError } from '@fairway-mcp/aws';
import type { Ask } from '@fairway-mcp/aws-billing';
import * as z from 'zod';
import type { Coverage, Period } from '../../planning/planning.ts';
import { optionalAmount, percentOf } from './numbers.ts';

export const COMMITMENT_ACTIONS = [
  'ce:GetSavingsPlansCoverage',
  'ce:GetSavingsPlansUtilization',
  'ce:GetReservationCoverage',
  'ce:GetReservationUtilization',
] as const;
const [SP_COVERAGE, SP_UTILIZATION, RI_COVERAGE, RI_UTILIZATION] = COMMITMENT_ACTIONS;

/** Services with reservations: Cost Explorer answers for one at a time. */
export const RESERVED_SERVICES = [
  'Amazon Elastic Compute Cloud - Compute',
  'Amazon Relational Database Service',
  'Amazon ElastiCache',
  'Amazon Redshift',
  'Amazon OpenSearch Service',
] as const;

const text = z.string().optional();
export const storedCoverage = z.array(
  z.object({
    kind: z.enum(['savings_plans', 'reservations']),
    service: text,
    covered: text,
    used: text,
    unused: text,
    onDemand: text,
    netSavings: text,
  }),
);
export type StoredCoverage = z.output<typeof storedCoverage>;

/** @throws AwsError, ToolError `budget_exceeded` */
export async function readCommitments(ask: Ask, period: Period, services: readonly string[]): Promise<StoredCoverage> {
  const TimePeriod = { Start: period.start, End: period.end };
  const found: StoredCoverage = [await readSavingsPlans(ask, TimePeriod)];
  for (const service of services) found.push(await readReservations(ask, TimePeriod, service));
  return found.filter(({ covered, used }) => covered !== undefined || used !== undefined);
}

type Span = { Start: string; End: string };

async function readSavingsPlans(ask: Ask, TimePeriod: Span): Promise<StoredCoverage[number]> {
  const coverage = await ask(SP_COVERAGE, ({ client, GetSavingsPlansCoverageCommand }, options) =>
    client.send(new GetSavingsPlansCoverageCommand({ TimePeriod }), options),
  );
  const utilization = await ask(SP_UTILIZATION, ({ client, GetSavingsPlansUtilizationCommand }, options) =>
    client.send(new GetSavingsPlansUtilizationCommand({ TimePeriod }), options),
  ).catch(noneBought);
  const { Coverage } = coverage.SavingsPlansCoverages?.[0] ?? {};
  const { Utilization, Savings } = utilization.Total ?? {};
  return {
    kind: 'savings_plans',
    covered: Coverage?.CoveragePercentage,
    onDemand: Coverage?.OnDemandCost,
    used: Utilization?.UtilizationPercentage,
    unused: Utilization?.UnusedCommitment,
    netSavings: Savings?.NetSavings,
  };
}

/** Without a Savings Plan there is no utilization of one, which AWS calls an error. */
function noneBought(error: unknown): { Total?: undefined } {
  if (error instanceof AwsError && error.code === 'DataUnavailableException') return {};
  throw error;
}

async function readReservations(ask: Ask, TimePeriod: Span, service: string): Promise<StoredCoverage[number]> {
  const Filter = { Dimensions: { Key: 'SERVICE' as const, Values: [service] } };
  const coverage = await ask(RI_COVERAGE, ({ client, GetReservationCoverageCommand }, options) =>
    client.send(new GetReservationCoverageCommand({ TimePeriod, Filter }), options),
  );
  const utilization = await ask(RI_UTILIZATION, ({ client, GetReservationUtilizationCommand }, options) =>
    client.send(new GetReservationUtilizationCommand({ TimePeriod, Filter }), options),
  );
  const { CoverageHours, CoverageCost } = coverage.Total ?? {};
  const { Total } = utilization;
  return {
    kind: 'reservations',
    service,
    covered: CoverageHours?.CoverageHoursPercentage,
    onDemand: CoverageCost?.OnDemandCost,
    used: Total?.UtilizationPercentage,
    unused: Total?.RICostForUnusedHours,
    netSavings: Total?.NetRISavings,
  };
}

export function toCoverage({ kind, service, covered, used, unused, onDemand, netSavings }: StoredCoverage[number]): Coverage {
  return {
    kind,
    service,
    coveredPercent: percentOf(SP_COVERAGE, covered),
    usedPercent: percentOf(SP_UTILIZATION, used),
    unused: optionalAmount(SP_UTILIZATION, unused),
    onDemand: optionalAmount(SP_COVERAGE, onDemand),
    netSavings: optionalAmount(SP_UTILIZATION, netSavings),
  };
}

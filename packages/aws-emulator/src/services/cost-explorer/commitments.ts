import { type Charge, dayOf, formatUsd } from '@fairway-mcp/aws-sample';
import { seesCostsOf } from '../../billing-access.ts';
import type { Call, JsonOperation } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';
import { demandedValues } from './expression.ts';
import { readPeriod } from './period.ts';

/** What Savings Plans cover in the generated bill. */
const ELIGIBLE = ['RunInstances', 'FargateTask', 'Invoke'];

/** Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetSavingsPlansCoverage.html */
export const getSavingsPlansCoverage: JsonOperation = (input, call) => {
  const usage = charges(input, call).filter(
    ({ chargeCategory, operation }) => chargeCategory === 'Usage' && ELIGIBLE.includes(operation ?? ''),
  );
  const covered = total(usage.filter(isCommitted('Spend')), 'listCost');
  const onDemand = total(
    usage.filter(({ pricingCategory }) => pricingCategory === 'Standard'),
    'billedCost',
  );
  const Coverage = {
    SpendCoveredBySavingsPlans: formatUsd(covered),
    OnDemandCost: formatUsd(onDemand),
    TotalCost: formatUsd(covered + onDemand),
    CoveragePercentage: percent(covered, covered + onDemand),
  };
  return { SavingsPlansCoverages: covered + onDemand === 0n ? [] : [{ Attributes: {}, Coverage }] };
};

/** Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetSavingsPlansUtilization.html */
export const getSavingsPlansUtilization: JsonOperation = (input, call) => {
  const all = charges(input, call).filter(isCommitted('Spend'));
  const commitment = total(
    all.filter(({ chargeCategory }) => chargeCategory === 'Purchase'),
    'billedCost',
  );
  if (commitment === 0n) throw new ServiceError('DataUnavailableException', 'Savings Plans utilization data is not available.');
  const unused = total(all.filter(isUnused), 'effectiveCost');
  const onDemand = total(all, 'listCost') - commitment;
  return {
    Total: {
      Utilization: {
        TotalCommitment: formatUsd(commitment),
        UsedCommitment: formatUsd(commitment - unused),
        UnusedCommitment: formatUsd(unused),
        UtilizationPercentage: percent(commitment - unused, commitment),
      },
      Savings: { NetSavings: formatUsd(onDemand - commitment), OnDemandCostEquivalent: formatUsd(onDemand) },
    },
  };
};

/** Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetReservationCoverage.html */
export const getReservationCoverage: JsonOperation = (input, call) => {
  const usage = ofService(input, call).filter(({ chargeCategory, consumedUnit }) => chargeCategory === 'Usage' && consumedUnit === 'Hrs');
  const hours = (some: readonly Charge[]) => some.reduce((sum, { consumedQuantity = 0n }) => sum + consumedQuantity, 0n);
  const reserved = hours(usage.filter(isCommitted('Usage')));
  const onDemand = usage.filter(({ pricingCategory }) => pricingCategory === 'Standard');
  return {
    CoveragesByTime: [],
    Total: {
      CoverageHours: {
        OnDemandHours: formatUsd(hours(onDemand)),
        ReservedHours: formatUsd(reserved),
        TotalRunningHours: formatUsd(hours(usage)),
        CoverageHoursPercentage: percent(reserved, hours(usage)),
      },
      CoverageCost: { OnDemandCost: formatUsd(total(onDemand, 'billedCost')) },
    },
  };
};

/** One service a call. Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetReservationUtilization.html */
export const getReservationUtilization: JsonOperation = (input, call) => {
  const all = ofService(input, call).filter(isCommitted('Usage'));
  const usage = all.filter(({ chargeCategory }) => chargeCategory === 'Usage');
  const [unused, whole] = [total(all.filter(isUnused), 'effectiveCost'), total(usage, 'effectiveCost')];
  const saved = total(usage, 'listCost') - whole;
  return {
    UtilizationsByTime: [],
    Total: {
      UtilizationPercentage: percent(whole - unused, whole),
      RICostForUnusedHours: formatUsd(unused),
      NetRISavings: formatUsd(saved),
      TotalAmortizedFee: formatUsd(whole),
    },
  };
};

function charges(input: JsonInput, call: Call): Charge[] {
  const { start, end } = readPeriod(input, call.now);
  return (call.settings.bill ?? []).filter((charge) => {
    const day = dayOf(charge.chargePeriodStart);
    return day >= start && day < end && seesCostsOf(call, charge.subAccountId);
  });
}

function ofService(input: JsonInput, call: Call): Charge[] {
  const filter = input.record('Filter');
  const services = filter === undefined ? [] : demandedValues(filter, 'SERVICE');
  if (services.length !== 1) throw new ServiceError('ValidationException', 'Exactly one SERVICE must be filtered by.');
  return charges(input, call).filter(({ costExplorerService }) => services.includes(costExplorerService));
}

function isCommitted(category: 'Spend' | 'Usage'): (charge: Charge) => boolean {
  return ({ pricingCategory, commitmentDiscountCategory }) => pricingCategory === 'Committed' && commitmentDiscountCategory === category;
}

function isUnused({ commitmentDiscountStatus }: Charge): boolean {
  return commitmentDiscountStatus === 'Unused';
}

function total(some: readonly Charge[], column: 'billedCost' | 'effectiveCost' | 'listCost'): bigint {
  return some.reduce((sum, charge) => sum + charge[column], 0n);
}

/** As AWS writes shares: text with decimals. */
function percent(part: bigint, whole: bigint): string {
  return whole === 0n ? '0' : String(Number((part * 1_000_000n) / whole) / 10_000);
}

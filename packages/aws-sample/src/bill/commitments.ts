import { dayOf } from '../cost.ts';
import type { Charge } from './charge.ts';
import { chargeOf, committed, dollars, type Line, lineOf } from './draft.ts';
import { accountOf, BILL_EVENTS, isWithin } from './events.ts';

const ELIGIBLE: ReadonlySet<string> = new Set(['RunInstances', 'FargateTask', 'Invoke']);

/** What of a day's usage a Compute Savings Plan covers, what it does not, and the plan's own charges. */
export function applySavingsPlan(usage: readonly { line: Line; list: bigint }[], day: number, share: (amount: bigint) => bigint): Charge[] {
  const { id, start, end, dailyCommitment, ratePercent } = BILL_EVENTS.savingsPlan;
  if (!isWithin(day, start, end)) return usage.map(({ line, list }) => chargeOf(line, day, { list }));
  const commitment = share(dollars(Number(dailyCommitment)));
  const rate = BigInt(ratePercent);
  let left = commitment;
  const charges: Charge[] = [];
  for (const { line, list } of usage) {
    const affordable = ELIGIBLE.has(line.operation ?? '') ? smaller(list, (left * 100n) / rate) : 0n;
    // A plan that is used up leaves nothing behind, not even what rounding would.
    const effective = affordable < list && affordable > 0n ? left : (affordable * rate) / 100n;
    left -= effective;
    if (affordable > 0n) charges.push(chargeOf(committed(line, id, 'Spend'), day, { list: affordable, billed: 0n, effective }));
    if (list > affordable) charges.push(chargeOf(line, day, { list: list - affordable }));
  }
  charges.push(chargeOf(planLine('Purchase'), day, { list: commitment, effective: 0n }));
  if (left > 0n) charges.push(chargeOf(planLine('Usage'), day, { list: 0n, effective: left }));
  return charges;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function planLine(chargeCategory: 'Purchase' | 'Usage'): Line {
  const { id, account } = BILL_EVENTS.savingsPlan;
  return lineOf({
    account: accountOf(account),
    serviceName: 'Savings Plans for AWS Compute usage',
    serviceCode: 'ComputeSavingsPlans',
    chargeCategory,
    chargeDescription: '1 year No Upfront Compute Savings Plan',
    usageType: 'ComputeSP:1yrNoUpfront',
    recordType: 'SavingsPlanRecurringFee',
    pricingCategory: 'Committed',
    commitmentDiscountId: id,
    commitmentDiscountCategory: 'Spend',
    commitmentDiscountStatus: chargeCategory === 'Usage' ? 'Unused' : undefined,
  });
}

/** A database that paid on demand, then was covered by a reservation, and was deleted before the reservation ended. */
export function reservedDatabase(day: number, share: (amount: bigint) => bigint): Charge[] {
  const { start, end, unusedFrom, dailyFee, dailyOnDemand, id } = BILL_EVENTS.reservation;
  const list = share(dollars(Number(dailyOnDemand)));
  const fee = share(dollars(Number(dailyFee)));
  const isRunning = day < dayOf(unusedFrom);
  if (!isWithin(day, start, end)) return isRunning ? [chargeOf(databaseLine(), day, { list })] : [];
  const purchase = monthlyFee(day);
  return [
    ...(purchase === undefined ? [] : [chargeOf(reservationLine('Purchase'), day, { list: purchase, effective: 0n })]),
    isRunning
      ? chargeOf(committed(databaseLine(), id, 'Usage'), day, { list, billed: 0n, effective: fee })
      : chargeOf(reservationLine('Usage'), day, { list: 0n, effective: fee }),
  ];
}

/** Charged on the first of a month, for all of its days. */
function monthlyFee(day: number): bigint | undefined {
  const date = new Date(day * 86_400_000);
  if (date.getUTCDate() !== 1) return undefined;
  const days = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return dollars(Number(BILL_EVENTS.reservation.dailyFee) * days);
}

function databaseLine(): Line {
  const { account, region, serviceName, usageType } = BILL_EVENTS.reservation;
  return lineOf({
    account: accountOf(account),
    serviceName,
    serviceCode: 'AmazonRDS',
    chargeDescription: '$0.50 per db.r6g.xlarge instance hour',
    regionId: region,
    usageType,
    operation: 'CreateDBInstance:0014',
    resourceId: 'arn:aws:rds:eu-west-1:444455556666:db:data-reporting-prod-replica',
    consumedUnit: 'Hrs',
    unitsPerDollar: 2,
    tags: { Owner: 'data@northlake.example', CostCenter: 'CC-4010', Environment: 'production', Application: 'reporting' },
    costCategories: { BusinessUnit: 'Data' },
  });
}

function reservationLine(chargeCategory: 'Purchase' | 'Usage'): Line {
  const { account, region, serviceName, usageType, id } = BILL_EVENTS.reservation;
  return lineOf({
    account: accountOf(account),
    serviceName,
    serviceCode: 'AmazonRDS',
    chargeCategory,
    chargeDescription: 'db.r6g.xlarge reserved instance applied',
    regionId: region,
    usageType,
    operation: 'CreateDBInstance:0014',
    recordType: 'RIFee',
    pricingCategory: 'Committed',
    commitmentDiscountId: id,
    commitmentDiscountCategory: 'Usage',
    commitmentDiscountStatus: chargeCategory === 'Usage' ? 'Unused' : undefined,
  });
}

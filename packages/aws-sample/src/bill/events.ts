import { ACCOUNT_PLANS } from '../company.ts';
import { dayOf } from '../cost.ts';
import { usageTypeIn } from '../usage-types.ts';
import { type Account, type Amounts, dollars, type Line, type LineDraft, lineOf } from './draft.ts';

/**
 * What happened to the company's bill beside its usual growth. Tests compare answers with it.
 * All days are UTC; ends are exclusive.
 */
export const BILL_EVENTS = {
  /** Container images were pulled through a NAT gateway instead of the endpoint, for five days. */
  spike: {
    start: '2026-10-19',
    end: '2026-10-24',
    account: '222233334444',
    region: 'eu-central-1',
    serviceName: 'Amazon Elastic Compute Cloud',
    usageType: 'EUC1-NatGateway-Bytes',
    resourceId: 'nat-0b5f3c2d9e8a71460',
    usualDaily: '3',
    spikeDaily: '96',
    cause: 'Checkout pulled its container images through the NAT gateway after a change of its VPC endpoint policy.',
  },
  /** A function that calls itself. Nobody has stopped it yet. */
  anomaly: {
    start: '2026-11-11',
    account: '555566667777',
    region: 'us-west-2',
    serviceName: 'AWS Lambda',
    usageType: 'USW2-Lambda-GB-Second',
    resourceId: 'arn:aws:lambda:us-west-2:555566667777:function:hackathon-thumbnails',
    usualDaily: '1.5',
    anomalyDaily: '64',
    cause: 'The function writes to the bucket that triggers it.',
  },
  /** Used by one database until that was deleted. */
  reservation: {
    id: 'arn:aws:rds:eu-west-1:444455556666:ri:ri-2026-02-01-reporting',
    start: '2026-02-01',
    end: '2027-02-01',
    unusedFrom: '2026-08-15',
    account: '444455556666',
    region: 'eu-west-1',
    serviceName: 'Amazon Relational Database Service',
    usageType: 'EU-InstanceUsage:db.r6g.xlarge',
    dailyFee: '8',
    dailyOnDemand: '12',
  },
  /** A Compute Savings Plan without upfront payment, shared by all accounts. */
  savingsPlan: {
    id: 'arn:aws:savingsplans::111122223333:savingsplan/9d1f6c0e-5a3b-4f0e-8a55-2f3c7be0a111',
    start: '2026-03-01',
    end: '2027-03-01',
    account: '111122223333',
    dailyCommitment: '108',
    /** What covered usage costs of its on-demand price, in percent. */
    ratePercent: 72,
  },
  /** A discount of a tenth on Amazon CloudFront ended: the same usage has cost more since. */
  priceChange: { discountUntil: '2026-10-01', serviceName: 'Amazon CloudFront', discountPercent: 10 },
  /** All that it costs is paid for by credits. */
  creditedTrial: { start: '2026-04-10', end: '2026-07-01', account: '555566667777', serviceName: 'Amazon Textract', daily: '4' },
  /** Monthly, against Amazon EC2 of the production account. */
  credits: { months: ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'], account: '222233334444', monthly: '450' },
  refunds: [
    { day: '2026-03-12', account: '444455556666', serviceName: 'Amazon DynamoDB', amount: '61.25', why: 'Requests charged twice' },
    { day: '2026-09-08', account: '222233334444', serviceName: 'Amazon Simple Storage Service', amount: '23.4', why: 'Service credit' },
  ],
} as const;

/** A line, and what it is on a day; nothing: it does not exist on that day. */
export interface Series {
  line: Line;
  on(day: number): Amounts | undefined;
}

/** What happened, as lines of the bill. Commitments have a file of their own. */
export function eventSeries(): Series[] {
  return [spike(), anomaly(), ...creditedTrial(), credits(), ...BILL_EVENTS.refunds.map(refund)];
}

function spike(): Series {
  const { account, region, usageType, resourceId, start, end, usualDaily, spikeDaily, serviceName } = BILL_EVENTS.spike;
  const line = lineOf({
    account: accountOf(account),
    serviceName,
    serviceCode: 'AmazonEC2',
    costExplorerService: 'EC2 - Other',
    chargeDescription: '$0.05 per GB processed by NAT Gateways',
    regionId: region,
    usageType,
    operation: 'NatGateway',
    resourceId,
    consumedUnit: 'GB',
    unitsPerDollar: 20,
    tags: { Owner: 'platform@northlake.example', CostCenter: 'CC-5010', Environment: 'production', Application: 'network' },
  });
  return { line, on: (day) => ({ list: dollars(Number(isWithin(day, start, end) ? spikeDaily : usualDaily)) }) };
}

function anomaly(): Series {
  const { account, region, usageType, resourceId, start, usualDaily, anomalyDaily, serviceName } = BILL_EVENTS.anomaly;
  const line = lineOf({
    account: accountOf(account),
    serviceName,
    serviceCode: 'AWSLambda',
    chargeDescription: 'AWS Lambda - Compute',
    regionId: region,
    usageType,
    operation: 'Invoke',
    resourceId,
    consumedUnit: 'Lambda-GB-Second',
    unitsPerDollar: 60_000,
  });
  return { line, on: (day) => ({ list: dollars(Number(day >= dayOf(start) ? anomalyDaily : usualDaily)) }) };
}

function creditedTrial(): Series[] {
  const { account, serviceName, start, end, daily } = BILL_EVENTS.creditedTrial;
  const place = { account: accountOf(account), serviceName, serviceCode: 'AmazonTextract', regionId: 'eu-west-1' };
  const amount = dollars(Number(daily));
  const usage = lineOf({
    ...place,
    chargeDescription: 'Pages analyzed',
    usageType: usageTypeIn('eu-west-1', 'AsyncPagesProcessed'),
    operation: 'AnalyzeDocument',
    consumedUnit: 'Pages',
    unitsPerDollar: 50,
  });
  const credit = creditLine({ ...place, chargeDescription: 'Proof of concept credits' });
  const during = (day: number, list: bigint) => (isWithin(day, start, end) ? { list } : undefined);
  return [
    { line: usage, on: (day) => during(day, amount) },
    { line: credit, on: (day) => during(day, -amount) },
  ];
}

function credits(): Series {
  const { account, months, monthly } = BILL_EVENTS.credits;
  const line = creditLine({
    account: accountOf(account),
    serviceName: 'Amazon Elastic Compute Cloud',
    costExplorerService: 'Amazon Elastic Compute Cloud - Compute',
    serviceCode: 'AmazonEC2',
    chargeDescription: 'Migration acceleration credits',
  });
  const days = new Set(months.map((month) => dayOf(`${month}-01`)));
  return { line, on: (day) => (days.has(day) ? { list: dollars(-Number(monthly)) } : undefined) };
}

function refund({ day, account, serviceName, amount, why }: (typeof BILL_EVENTS.refunds)[number]): Series {
  const line = lineOf({
    account: accountOf(account),
    serviceName,
    serviceCode: serviceName.replaceAll(' ', ''),
    chargeDescription: why,
    recordType: 'Refund',
  });
  return { line, on: (on) => (on === dayOf(day) ? { list: dollars(-Number(amount)) } : undefined) };
}

function creditLine(draft: LineDraft): Line {
  return lineOf({ ...draft, chargeCategory: 'Credit', recordType: 'Credit', pricingCategory: undefined });
}

export function isWithin(day: number, start: string, end: string): boolean {
  return day >= dayOf(start) && day < dayOf(end);
}

export function accountOf(id: string): Account {
  const plan = ACCOUNT_PLANS.find((one) => one.id === id);
  if (plan === undefined) throw new RangeError(`there is no account ${id}`);
  return { id, name: plan.name };
}

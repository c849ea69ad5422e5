import { formatUsd } from '@fairway-mcp/aws-sample';
import { seesCostsOf } from '../../billing-access.ts';
import { JSON_ERRORS } from '../../common-errors.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { ServiceError } from '../../wire/errors.ts';

/** Limits of the budgets that every account with a generated bill has, in 1e-10 USD. */
const COST_LIMITS = { 'Monthly cloud spend': 100_000_000_000_000n, 'Small change': 100_000_000_000n };

/** Times are seconds. Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_DescribeBudgets.html */
const describeBudgets: JsonOperation = (input, call) => {
  const account = input.text('AccountId');
  if (account === undefined) throw new ServiceError('InvalidParameterException', 'AccountId is required');
  if (account !== call.account)
    throw new ServiceError('AccessDeniedException', `Account ${call.account} may not see budgets of ${account}.`);
  const page = call.pager.page(budgetsOf(call), {
    listing: `budgets/${account}`,
    limit: input.integer('MaxResults') ?? 100,
    token: input.text('NextToken'),
  });
  return { Budgets: page.items, NextToken: page.next };
};

function budgetsOf(call: Call): object[] {
  if (call.settings.bill === undefined) return [];
  const month = new Date(call.now).toISOString().slice(0, 8);
  const charges = call.settings.bill.filter(
    (charge) => charge.chargePeriodStart.startsWith(month) && seesCostsOf(call, charge.subAccountId),
  );
  const actual = charges.reduce((sum, { billedCost }) => sum + billedCost, 0n);
  const day = BigInt(new Date(call.now).getUTCDate());
  const usd = (amount: bigint) => ({ Amount: formatUsd(amount), Unit: 'USD' });
  const TimePeriod = { Start: Date.parse('2026-01-01') / 1000, End: 3706473600 };
  const costs = Object.entries(COST_LIMITS).map(([BudgetName, limit]) => ({
    BudgetName,
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    TimePeriod,
    BudgetLimit: usd(limit),
    CalculatedSpend: { ActualSpend: usd(actual), ForecastedSpend: usd((actual * 30n) / day) },
  }));
  const hours = { BudgetName: 'Hours', BudgetType: 'USAGE', TimeUnit: 'MONTHLY', TimePeriod, BudgetLimit: { Amount: '100', Unit: 'Hrs' } };
  return [...costs, hours];
}

/** Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html */
export const budgets: JsonService = {
  name: 'budgets',
  protocol: 'json-1.1',
  target: 'AWSBudgetServiceGateway',
  errors: { ...JSON_ERRORS, badToken: { code: 'InvalidNextTokenException', status: 400, message: 'The pagination token is invalid.' } },
  operations: { DescribeBudgets: describeBudgets },
};

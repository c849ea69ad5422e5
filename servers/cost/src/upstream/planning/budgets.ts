import { type Aws, AwsError, answered } from '@fairway-mcp/aws';
import { pagesOf } from '@fairway-mcp/aws-billing';
import type { Budget } from '../../planning/planning.ts';
import { amountOf, optionalAmount } from './numbers.ts';

export const BUDGETS_ACTION = 'budgets:ViewBudget';

/** The budgets of one account that are about money. Reading them is free. @throws AwsError */
export async function readBudgets(aws: Aws, account: string | undefined, signal: AbortSignal): Promise<Omit<Budget, 'breachDate'>[]> {
  const identity = await aws.identity(signal, account);
  const place = { region: 'us-east-1', ...(account !== undefined && { account }) };
  const { client, DescribeBudgetsCommand } = await aws.open('budgets', place);
  const askPage = (NextToken: string | undefined) =>
    answered(
      BUDGETS_ACTION,
      signal,
      client.send(new DescribeBudgetsCommand({ AccountId: identity.account, MaxResults: 100, NextToken }), { abortSignal: signal }),
    );
  const found: Omit<Budget, 'breachDate'>[] = [];
  for await (const { Budgets = [] } of pagesOf(BUDGETS_ACTION, askPage, ({ NextToken }) => NextToken))
    for (const budget of Budgets) {
      // The others count hours, or watch the use of commitments.
      if (budget.BudgetType !== 'COST') continue;
      const { ActualSpend, ForecastedSpend } = budget.CalculatedSpend ?? {};
      const limit = budget.BudgetLimit ?? currentPlan(budget.PlannedBudgetLimits);
      if (budget.BudgetName === undefined) throw new AwsError(BUDGETS_ACTION, 'invalid_answer', 'MissingName');
      found.push({
        account: identity.account,
        name: budget.BudgetName,
        limit: amountOf(BUDGETS_ACTION, limit?.Amount),
        actual: amountOf(BUDGETS_ACTION, ActualSpend?.Amount ?? '0'),
        forecast: optionalAmount(BUDGETS_ACTION, ForecastedSpend?.Amount),
        currency: limit?.Unit ?? 'USD',
        timeUnit: budget.TimeUnit ?? 'MONTHLY',
      });
    }
  return found;
}

interface Spend {
  Amount: string | undefined;
  Unit: string | undefined;
}

/** Planned limits are by the second in which their span begins. */
function currentPlan(planned: Record<string, Spend> | undefined): Spend | undefined {
  const now = Date.now() / 1000;
  const begun = Object.entries(planned ?? {}).filter(([start]) => Number(start) <= now);
  return begun.toSorted(([a], [b]) => Number(b) - Number(a))[0]?.[1];
}

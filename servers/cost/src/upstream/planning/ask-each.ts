import { type Priced, priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import type { Asking } from '../../bill/question.ts';
import type { Told } from '../../planning/planning.ts';
import { toToolError } from '../aws/failures.ts';
import type { AccountBill } from '../cost-explorer/account-bill.ts';

/** Asks each account; one that fails is named in the caveats. @throws ToolError when all fail */
export async function askEach<T>(
  bills: readonly AccountBill[],
  { signal }: Asking,
  ask: (bill: AccountBill) => Promise<Priced<T>>,
): Promise<Omit<Told<readonly T[]>, 'currency'>> {
  const outcomes = await Promise.allSettled(bills.map(ask));
  signal.throwIfAborted();
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [toToolError(outcome.reason, bills[index]?.connection.title ?? 'an account')] : [],
  );
  if (answers.length === 0) throw failures[0];
  const pages = answers.reduce((sum, answer) => sum + answer.pages, 0);
  return {
    value: answers.map(({ value }) => value),
    asOf: new Date(Math.min(...answers.map(({ storedAt }) => storedAt))).toISOString(),
    price: { pages, bytesScanned: 0, usd: priceOf(pages) },
    caveats: failures.map(caveatOf),
  };
}

function caveatOf(failure: unknown): string {
  if (!(failure instanceof ToolError)) throw failure;
  return `Something is missing: ${failure.message} ${failure.remedy}`;
}

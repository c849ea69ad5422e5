import type { DailyLimit, PageTable } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';

/** Where this server counts pages, by who is limited. */
export const PAGES: PageTable = { owner: 'cost-pages', table: 'cost_paid_pages', column: 'subject' };

export interface BudgetSettings {
  /** The most that all callers together may spend in one UTC day, in USD. */
  usdPerDay: number;
  /** The most that one caller may spend. */
  usdPerDayAndCaller: number;
}

export const SERVER_SUBJECT = 'server';

export function subjectOf(principal: { id: string }): string {
  return `principal:${principal.id}`;
}

/** The limits under which a caller's pages are counted. */
export function limitsOf({ usdPerDay, usdPerDayAndCaller }: BudgetSettings, principal: { id: string }): readonly DailyLimit[] {
  return [
    { subject: SERVER_SUBJECT, usdPerDay, exceeded: (usd) => exceeded(`Today's budget of $${usd} for all callers of this server`) },
    { subject: subjectOf(principal), usdPerDay: usdPerDayAndCaller, exceeded: (usd) => exceeded(`Your budget of $${usd} for today`) },
  ];
}

function exceeded(what: string): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `Cost Explorer costs $0.01 a page. ${what} does not allow this question any more.`,
    remedy:
      'Repeat a question that was answered today (it is free), ask one with fewer groupings, try again after midnight UTC, or have the operator raise the budget. get_spend_price says what is left.',
  });
}

import type { DailyLimit, PageTable } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';

/** The count of pages, by AWS account. */
export const PAGES: PageTable = { owner: 'tag-compliance-cost', table: 'cost_explorer_pages', column: 'account' };

/** @param usdPerDay the most that may be spent in one UTC day for one account's Cost Explorer */
export function dailyLimit(account: string, usdPerDay: number): DailyLimit {
  return { subject: account, usdPerDay, exceeded };
}

function exceeded(usdPerDay: number): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `Cost Explorer costs $0.01 a page, and today's budget of $${usdPerDay} for it is used up.`,
    remedy:
      'Try again tomorrow (UTC), repeat a query that was answered today, leave the costs out, or raise the daily Cost Explorer budget in the settings.',
  });
}

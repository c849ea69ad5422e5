import { once } from '@fairway-mcp/async';
import { ToolError } from '@fairway-mcp/kit';
import type { Database } from '@fairway-mcp/store';
import { Big } from 'big.js';

/** The price of one page of an answer, in US cents. https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/ */
const CENTS_PER_PAGE = 1;

/** Counts the pages that Cost Explorer charges for, in the store so that a restart does not reset the count, and enforces the daily limit. */
export interface CostBudget {
  /**
   * Reserves the price of a page before it is requested.
   * @returns a function that takes the reservation back, for a request that turned out to be free
   * @throws ToolError `budget_exceeded`
   */
  reserve(account: string): Promise<() => Promise<void>>;
}

/** The price of pages, in USD. */
export function priceOf(pages: number): string {
  return new Big(pages * CENTS_PER_PAGE).div(100).toString();
}

const MIGRATIONS = [
  {
    name: '001-pages',
    sql: [
      'CREATE TABLE cost_explorer_pages (account TEXT NOT NULL, day TEXT NOT NULL, pages INTEGER NOT NULL, PRIMARY KEY (account, day))',
    ],
  },
];

/** @param usdPerDay the most that may be spent in one UTC day for one account's Cost Explorer */
export function createCostBudget(store: Database, { usdPerDay, now }: { usdPerDay: number; now(): Date }): CostBudget {
  const maxPages = Math.floor(new Big(usdPerDay).times(100).div(CENTS_PER_PAGE).toNumber());
  /** The table is created at the first request to Cost Explorer, which may never come. */
  const ready = once(() => store.migrate('tag-compliance-cost', MIGRATIONS));

  async function addPages(account: string, day: string, pages: number): Promise<void> {
    await store.transaction(async (statements) => {
      const row = await statements.get<{ pages: number }>('SELECT pages FROM cost_explorer_pages WHERE account = ? AND day = ?', [
        account,
        day,
      ]);
      const counted = Number(row?.pages ?? 0) + pages;
      if (pages > 0 && counted > maxPages) throw exceeded(usdPerDay);
      await statements.run(
        'INSERT INTO cost_explorer_pages (account, day, pages) VALUES (?, ?, ?) ON CONFLICT (account, day) DO UPDATE SET pages = excluded.pages',
        [account, day, counted],
      );
    });
  }

  return {
    async reserve(account) {
      await ready();
      const day = now().toISOString().slice(0, 10);
      await addPages(account, day, 1);
      return () => addPages(account, day, -1);
    },
  };
}

function exceeded(usdPerDay: number): ToolError {
  return new ToolError({
    kind: 'budget_exceeded',
    message: `Cost Explorer costs $0.01 a page, and today's budget of $${usdPerDay} for it is used up.`,
    remedy:
      'Try again tomorrow (UTC), repeat a query that was answered today, leave the costs out, or raise the daily Cost Explorer budget in the settings.',
  });
}

import { once } from '@fairway-mcp/async';
import type { ToolError } from '@fairway-mcp/kit';
import type { Database, Statements } from '@fairway-mcp/store';
import { Big } from 'big.js';

/** The price of one page of an answer, in US cents. https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/ */
const CENTS_PER_PAGE = 1;

/** The price of pages, in USD. */
export function priceOf(pages: number): string {
  return new Big(pages * CENTS_PER_PAGE).div(100).toString();
}

/** How much may be spent in one UTC day on one account. */
export interface DailyLimit {
  /** What counts together: an AWS account, a principal, the whole server. */
  subject: string;
  usdPerDay: number;
  /** The error for a page beyond the limit. */
  exceeded(usdPerDay: number): ToolError;
}

/** Counts the pages that Cost Explorer charges for, in the store so that a restart does not reset the count, and enforces daily limits. */
export interface PageBudget {
  /**
   * Reserves the price of a page before it is requested, under all the limits or none.
   * @returns a function that takes the reservation back, for a request that turned out to be free
   * @throws ToolError of the first limit that does not allow it
   */
  reserve(limits: readonly DailyLimit[]): Promise<() => Promise<void>>;
  /** Refuses work that needs more pages than are left today, before its first is paid. @throws ToolError of the limit */
  requireLeft(limits: readonly DailyLimit[], pages: number): Promise<void>;
  /** What has been counted for a subject: today, and in the days since one. */
  counted(subject: string, since: string): Promise<{ today: number; since: number }>;
}

/** Where a server keeps its counts. Names never change once released. */
export interface PageTable {
  /** Of the migrations. */
  owner: string;
  table: string;
  /** The column with the subject. */
  column: string;
}

export function createPageBudget(store: Database, { owner, table, column }: PageTable, now: () => Date): PageBudget {
  const create = `CREATE TABLE ${table} (${column} TEXT NOT NULL, day TEXT NOT NULL, pages INTEGER NOT NULL, PRIMARY KEY (${column}, day))`;
  /** The table is created at the first use, which may never come. */
  const ready = once(() => store.migrate(owner, [{ name: '001-pages', sql: [create] }]));
  const today = () => now().toISOString().slice(0, 10);

  async function countedOn(statements: Statements, subject: string, day: string): Promise<number> {
    const row = await statements.get<{ pages: number }>(`SELECT pages FROM ${table} WHERE ${column} = ? AND day = ?`, [subject, day]);
    return Number(row?.pages ?? 0);
  }

  async function addPages(limits: readonly DailyLimit[], day: string, pages: number): Promise<void> {
    await store.transaction(async (statements) => {
      for (const limit of limits) {
        const counted = (await countedOn(statements, limit.subject, day)) + pages;
        if (pages > 0 && counted > maxPages(limit)) throw limit.exceeded(limit.usdPerDay);
        await statements.run(
          `INSERT INTO ${table} (${column}, day, pages) VALUES (?, ?, ?) ON CONFLICT (${column}, day) DO UPDATE SET pages = excluded.pages`,
          [limit.subject, day, counted],
        );
      }
    });
  }

  return {
    async reserve(limits) {
      await ready();
      const day = today();
      await addPages(limits, day, 1);
      return () => addPages(limits, day, -1);
    },

    async requireLeft(limits, pages) {
      await ready();
      for (const limit of limits)
        if ((await countedOn(store, limit.subject, today())) + pages > maxPages(limit)) throw limit.exceeded(limit.usdPerDay);
    },

    async counted(subject, since) {
      await ready();
      const row = await store.get<{ pages: number | null }>(`SELECT SUM(pages) AS pages FROM ${table} WHERE ${column} = ? AND day >= ?`, [
        subject,
        since,
      ]);
      return { today: await countedOn(store, subject, today()), since: Number(row?.pages ?? 0) };
    },
  };
}

function maxPages({ usdPerDay }: DailyLimit): number {
  return Math.floor(new Big(usdPerDay).times(100).div(CENTS_PER_PAGE).toNumber());
}

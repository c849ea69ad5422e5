import * as z from 'zod';
import { amountSchema } from '../compliance/money.ts';
import type { ResourceCosts } from '../inventory/source.ts';

/** What an answer says about its costs. */
export const costNoteSchema = z.object({
  currency: z.string(),
  period: z.string().describe('START/END of the amounts, END exclusive'),
  price: amountSchema.describe('What the query cost, in USD'),
  caveats: z.array(z.string()),
});
export type CostNote = z.infer<typeof costNoteSchema>;

export function costNote({ currency, period, price, caveats }: Pick<ResourceCosts, 'currency' | 'period' | 'price' | 'caveats'>): CostNote {
  return { currency, period: `${period.start}/${period.end}`, price, caveats: [...caveats] };
}

/** What a text says about costs that were requested: what is missing, and what the query cost. */
export function costLines(costs: Pick<CostNote, 'caveats' | 'price'> | undefined): string[] {
  if (costs === undefined) return [];
  return [...costs.caveats, ...(Number(costs.price) > 0 ? [priceLine(costs)] : [])];
}

export function priceLine({ price }: Pick<CostNote, 'price'>): string {
  return Number(price) > 0 ? `The query to Cost Explorer cost $${price}.` : 'The query cost nothing.';
}

/** A table of text columns, the last one open. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

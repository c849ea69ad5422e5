/**
 * What every target of the benchmark serves: `echo` returns its text, `read_page` returns rows, and `BENCH_TOOLS` says how many tools are
 * listed in all. The schemas are created once and shared, which is how a server is quickest.
 */
import * as z from 'zod';

export const echoInput = z.object({ text: z.string().max(10_000).describe('Any text') });
export const echoOutput = z.object({ text: z.string() });

const row = z.object({ id: z.int(), name: z.string(), region: z.string(), owner: z.string(), monthly_cost: z.string() });
export const pageInput = z.object({ rows: z.int().min(1).max(1000).describe('How many rows') });
export const pageOutput = z.object({ rows: z.array(row) });
export type Page = z.infer<typeof pageOutput>;

/** This many rows make an answer of 21 kB: half of it as structured data, half as the same in text. */
export const PAGE_ROWS = 88;

/** A page of rows, the same every time. */
export function createPage(rows: number): Page {
  return {
    rows: Array.from({ length: rows }, (_, id) => ({
      id,
      name: `resource-${String(id).padStart(6, '0')}`,
      region: id % 2 === 0 ? 'eu-central-1' : 'us-east-1',
      owner: `team-${id % 17}@example.com`,
      monthly_cost: `${id}.25`,
    })),
  };
}

/** A tool that is listed and never called, as large as real ones are. */
export const fillerInput = z.object({
  resource_types: z.array(z.string()).max(50).default([]).describe('Types such as ec2:instance; empty: all'),
  region: z.array(z.string()).max(50).default([]).describe('Region codes; empty: all'),
  severity: z.enum(['all', 'errors_only', 'warnings_only']).default('all').describe('Which findings count'),
  include_costs: z.boolean().default(false).describe('Ask for costs too'),
  limit: z.int().min(1).max(1000).default(50).describe('Most items to return'),
});
export const fillerOutput = z.object({ total: z.int(), items: z.array(z.object({ arn: z.string(), kind: z.string() })) });

/** The names of the tools that a target lists besides `echo` and `read_page`. */
export function fillerNames(): string[] {
  const count = Number(process.env.BENCH_TOOLS ?? 2) - 2;
  return Array.from({ length: count }, (_, index) => `list_findings_${String(index).padStart(2, '0')}`);
}

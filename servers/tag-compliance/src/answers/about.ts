import * as z from 'zod';
import { coverageStatement } from '../compliance/report/coverage-statement.ts';
import type { Coverage } from '../inventory/coverage.ts';

/** A part of the inventory that could not be read completely. */
const gapSchema = z.object({
  account: z.string(),
  region: z.string(),
  types: z.array(z.string()),
  status: z.enum(['partial', 'missing']),
  reason: z.string().optional(),
  detail: z.string().optional(),
});

/** What every answer says about its data. */
export const aboutSchema = z.object({
  sample: z.boolean().describe('True: the data is made up'),
  as_of: z.string().describe('When the oldest part of the data was read'),
  complete: z.boolean().describe('Nothing was denied, late or broken'),
  coverage: z.string().describe('What was not seen, and why'),
  gaps: z.array(gapSchema).describe('Parts not completely seen, at most 20'),
});
export type About = z.infer<typeof aboutSchema>;

const MAX_GAPS = 20;

export function aboutScan({ asOf, coverage }: { asOf: string; coverage: Coverage }, isSample: boolean): About {
  return {
    sample: isSample,
    as_of: asOf,
    complete: coverage.isComplete,
    coverage: coverageStatement(coverage),
    gaps: coverage.entries
      .flatMap(({ account, region, types, status, reason, detail }) =>
        status === 'complete' ? [] : [{ account, region, types: [...types], status, ...(reason && { reason }), ...(detail && { detail }) }],
      )
      .slice(0, MAX_GAPS),
  };
}

/** The last lines of a text. */
export function aboutLines({ sample, as_of, coverage }: About): string[] {
  return [`Coverage: ${coverage}`, `As of ${as_of}.${sample ? ' SAMPLE DATA: this organization is made up.' : ''}`];
}

import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { abridgeReport, writeTable } from '../answers/abridge.ts';
import { costLines, costNoteSchema } from '../answers/costs.ts';
import { filters, forceRefresh, includeCosts, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { summarySchema } from '../compliance/evaluate.ts';
import { recommend } from '../compliance/next-steps/recommendations.ts';
import { listsViolations, REPORT_FORMATS, reportUri, writeReport } from '../compliance/report/formats.ts';
import { buildReport, type Report } from '../compliance/report/report.ts';
import { scopeOf } from '../compliance/snapshot.ts';
import type { Services } from '../services.ts';

/** The most violations in a report, so that programs can still open it. All of them are counted. */
const MAX_LISTED = 100_000;

const output = z.object({
  format: z.string(),
  report: z.string().describe('The report, written out; breakdowns and violations are cut'),
  summary: summarySchema.omit({ by_type: true, by_region: true, by_account: true, by_kind: true, by_tag: true }),
  left_out: z.int().describe('Violations that the report counts but does not list'),
  whole_report: z.string().describe('URI of the resource that lists them all'),
  costs: costNoteSchema.pick({ price: true, caveats: true }).optional(),
  about: aboutSchema,
});

export const generateComplianceReport = defineTool({
  name: 'generate_compliance_report',
  title: 'Generate compliance report',
  description: 'Generates a compliance report as JSON, CSV or Markdown: summary, violations ranked by number and by cost, and next steps.',
  access: 'read',
  longRunning: true,
  input: z.object({
    format: z.enum(REPORT_FORMATS).default('markdown').describe('csv: the violations'),
    include_recommendations: z.boolean().default(true).describe('Add next steps'),
    include_costs: includeCosts(),
    resource_types: resourceTypes(),
    filters: filters(),
    force_refresh: forceRefresh(),
  }),
  output,
  async run(input, context: Context<Services>) {
    const { source, policy, reports, evaluations } = context.services;
    const query = scanQuery(input.resource_types, input.filters, input.force_refresh);
    const scan = await source.scan(query, context);
    const costs = input.include_costs ? await source.resourceCosts(scan.resources, context) : undefined;
    const evaluation = await evaluations.of(scan, { severity: 'all', costs: costs?.byArn }, context.signal);
    const whole = buildReport({
      evaluation,
      coverage: scan.coverage,
      asOf: scan.asOf,
      now: context.now(),
      policyVersion: policy.compiled.version,
      isSample: source.isSample,
      scope: scopeOf(query, 'all'),
      list: MAX_LISTED,
      ...(costs && { costs }),
      ...(input.include_recommendations && {
        recommendations: recommend({
          resources: scan.resources,
          evaluation,
          policy: policy.compiled,
          ...(costs && { costs: costs.byArn }),
        }),
      }),
    });
    reports.put(context.principal.id, whole);
    const write = (report: Report) => writeReport(report, input.format, 0);
    const { shown, written } = listsViolations(input.format)
      ? abridgeReport(whole, write)
      : { shown: undefined, written: writeTable(whole, write) };
    return {
      format: input.format,
      report: written,
      summary: whole.summary,
      left_out: shown?.left_out ?? 0,
      whole_report: reportUri(input.format),
      ...(costs && { costs: { price: costs.price, caveats: [...costs.caveats] } }),
      about: aboutScan(scan, source.isSample),
    };
  },
  text: (answer) => [answer.report.trimEnd(), ...notesOn(answer)].join('\n\n'),
  // The report alone in its block, so that it can be saved as a file of its format.
  content: (answer) => [answer.report, ...notesOn(answer)].map((text) => ({ type: 'text', text })),
});

/** What is said beside the report, in one text; nothing when the report says it all. */
function notesOn({ format, left_out, whole_report, costs, about }: z.output<typeof output>): string[] {
  const lines = [
    ...(left_out > 0 ? [`The resource ${whole_report} contains the whole report with the other ${left_out} violations.`] : []),
    ...costLines(costs),
    // A table does not say what it does not cover.
    ...(format === 'markdown' ? [] : aboutLines(about)),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}

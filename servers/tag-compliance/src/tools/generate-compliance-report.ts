import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutScan, aboutSchema } from '../answers/about.ts';
import { percent } from '../answers/costs.ts';
import { filters, includeCosts, resourceTypes, scanQuery } from '../answers/inputs.ts';
import { evaluate, summarySchema } from '../compliance/evaluate.ts';
import { recommend } from '../compliance/recommendations.ts';
import { reportAsCsv } from '../compliance/report/csv.ts';
import { reportAsJson } from '../compliance/report/json.ts';
import { reportAsMarkdown } from '../compliance/report/markdown.ts';
import { buildReport, type Report } from '../compliance/report/report.ts';
import { scopeOf } from '../compliance/snapshot.ts';
import type { Services } from '../services.ts';

export const REPORT_FORMATS = ['json', 'csv', 'markdown'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** So many violations fit into an answer beside everything else. The whole report is a resource. */
const LISTED = 40;

const output = z.object({
  format: z.enum(REPORT_FORMATS),
  report: z.string().describe('The report, written out'),
  summary: summarySchema.omit({ by_type: true, by_region: true, by_account: true, by_kind: true, by_tag: true }),
  left_out: z.int().describe('Violations that the report counts but does not list'),
  whole_report: z.string().describe('URI of the resource that lists them all'),
  about: aboutSchema,
});

export const generateComplianceReport = defineTool({
  name: 'generate_compliance_report',
  title: 'Generate compliance report',
  description: 'Writes a compliance report as JSON, CSV or Markdown: summary, violations ranked by number and by cost, and next steps.',
  access: 'read',
  longRunning: true,
  input: z.object({
    format: z.enum(REPORT_FORMATS).default('markdown').describe('How to write it'),
    include_recommendations: z.boolean().default(true).describe('Add next steps'),
    include_costs: includeCosts(),
    resource_types: resourceTypes(),
    filters: filters(),
  }),
  output,
  async run(input, context: Context<Services>) {
    const { source, policy, lastReport } = context.services;
    const query = scanQuery(input.resource_types, input.filters);
    const scan = await source.scan(query, context);
    const costs = input.include_costs ? await source.resourceCosts(scan.resources, context) : undefined;
    const evaluation = evaluate(scan.resources, policy.compiled, costs === undefined ? {} : { costs: costs.byArn });
    const { violations } = evaluation;
    const whole = buildReport({
      evaluation,
      coverage: scan.coverage,
      asOf: scan.asOf,
      now: context.now(),
      policyVersion: policy.compiled.version,
      isSample: source.isSample,
      scope: scopeOf(query, 'all'),
      ...(costs && { costs }),
      ...(input.include_recommendations && {
        recommendations: recommend({
          resources: scan.resources,
          violations,
          policy: policy.compiled,
          ...(costs && { costs: costs.byArn }),
        }),
      }),
    });
    lastReport.current = whole;
    const shown = withFewer(whole, LISTED);
    return {
      format: input.format,
      report: writeReport(shown, input.format),
      summary: whole.summary,
      left_out: shown.left_out,
      whole_report: `report://latest/${input.format}`,
      about: aboutScan(scan, source.isSample),
    };
  },
  text: ({ summary, report, format, left_out, whole_report }) =>
    [
      `Compliance ${percent(summary.score)}; ${summary.violations} violations on ${summary.non_compliant} resources. The report is ${format}, ${report.length} characters long.`,
      ...(left_out > 0 ? [`It does not list ${left_out} violations; ${whole_report} does.`] : []),
    ].join('\n'),
});

export function writeReport(report: Report, format: ReportFormat): string {
  if (format === 'csv') return reportAsCsv(report);
  return format === 'json' ? reportAsJson(report) : reportAsMarkdown(report);
}

function withFewer(report: Report, most: number): Report {
  const violations = report.violations.slice(0, most);
  return { ...report, violations, left_out: report.left_out + report.violations.length - violations.length };
}

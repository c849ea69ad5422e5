import { type Context, defineResource } from '@fairway-mcp/kit';
import { writePolicy } from './policy/write-policy.ts';
import type { Services } from './services.ts';
import { REPORT_FORMATS, type ReportFormat, writeReport } from './tools/generate-compliance-report.ts';

/** The policy in force, as a file to keep. */
export const policyResource = defineResource({
  uri: 'policy://current',
  name: 'tagging-policy',
  title: 'Tagging policy',
  description: 'The tagging policy in force, in the form that --policy reads.',
  mimeType: 'application/yaml',
  read(_variables, { services: { policy, source } }: Context<Services>) {
    const head = source.isSample ? '# SAMPLE DATA: the resources that this policy is checked against are made up.\n' : '';
    return { text: `${head}${writePolicy(policy.compiled.policy, 'yaml')}` };
  },
});

/** The last report with every violation; the tool's answer lists only some. */
export const reportResource = defineResource({
  uri: 'report://latest/{format}',
  name: 'latest-report',
  title: 'Latest compliance report',
  description: 'The last report that generate_compliance_report made, in full: json, csv or markdown.',
  mimeType: 'text/plain',
  read({ format }, { services, principal }: Context<Services>) {
    const report = services.reports.last(principal.id);
    return report === undefined || !isFormat(format) ? undefined : { text: writeReport(report, format) };
  },
  complete: { format: (typed) => REPORT_FORMATS.filter((format) => format.startsWith(typed)) },
});

function isFormat(text: string | undefined): text is ReportFormat {
  return REPORT_FORMATS.some((format) => format === text);
}

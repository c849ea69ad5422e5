import { type Context, defineResource } from '@fairway-mcp/kit';
import { factsOf, isReportFormat, REPORT_FORMATS, reportUri, writeReport } from './compliance/report/formats.ts';
import { writePolicy } from './policy/write-policy.ts';
import type { Services } from './services.ts';

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
  description: `The last report that generate_compliance_report made, in full: ${REPORT_FORMATS.join(', ')}.`,
  read({ format }, { services, principal }: Context<Services>) {
    const report = services.reports.last(principal.id);
    if (report === undefined || !isReportFormat(format)) return undefined;
    return { text: writeReport(report, format), mimeType: factsOf(format).mimeType };
  },
  list(_page, { services, principal }: Context<Services>) {
    const report = services.reports.last(principal.id);
    if (report === undefined) return { resources: [] };
    const lastModified = report.written_at;
    return {
      resources: REPORT_FORMATS.map((format) => ({
        uri: reportUri(format),
        name: `latest-report-${format}`,
        ...factsOf(format),
        lastModified,
      })),
    };
  },
  complete: { format: (typed) => REPORT_FORMATS.filter((format) => format.startsWith(typed)) },
});

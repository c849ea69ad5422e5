import { arn, parseArn } from '@fairway-mcp/aws/arn';
import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { typeOfArn } from '../inventory/arn-type.ts';
import type { ScanQuery } from '../inventory/source.ts';
import { violationSchema } from '../policy/violation.ts';
import type { Services } from '../services.ts';

const resultSchema = z.object({
  arn: z.string(),
  type: z.string(),
  status: z.enum(['compliant', 'non_compliant', 'out_of_scope', 'not_found']),
  tags: z.record(z.string(), z.string()).optional(),
  violations: z.array(violationSchema),
});

const output = z.object({ results: z.array(resultSchema), about: aboutSchema });

export const validateResourceTags = defineTool({
  name: 'validate_resource_tags',
  title: 'Validate resource tags',
  description: 'Checks the tags of up to 100 resources, given by ARN, against the policy and explains every violation.',
  access: 'read',
  input: z.object({ resource_arns: z.array(arn()).min(1).max(100).describe('ARNs of the resources') }),
  output,
  list: 'results',
  async run({ resource_arns }, context: Context<Services>) {
    const { source, policy } = context.services;
    const scan = await source.scan(queryFor(resource_arns), context);
    const byArn = new Map(scan.resources.map((resource) => [resource.arn, resource]));
    const results = [...new Set(resource_arns)].map((name) => {
      const resource = byArn.get(name);
      if (resource === undefined) return { arn: name, type: typeOfArn(name), status: 'not_found' as const, violations: [] };
      const { isInScope, violations } = policy.compiled.check(resource);
      const status = !isInScope ? ('out_of_scope' as const) : violations.length === 0 ? ('compliant' as const) : ('non_compliant' as const);
      return { arn: name, type: resource.type, status, tags: { ...resource.tags }, violations: [...violations] };
    });
    return { results, about: aboutScan(scan, source.isSample) };
  },
  text: ({ results, about }) => [...results.flatMap(resultLines), '', ...aboutLines(about)].join('\n'),
});

/** The smallest part of the inventory that contains all the resources. Some ARNs have no region or account: then all are scanned. */
function queryFor(arns: readonly string[]): ScanQuery {
  const parts = arns.map((name) => parseArn(name));
  const all = (values: readonly (string | undefined)[]) =>
    values.every((value) => value !== undefined && value !== '') ? [...new Set(values as string[])] : [];
  return {
    types: [...new Set(arns.map(typeOfArn))],
    regions: all(parts.map((part) => part?.region)),
    accounts: all(parts.map((part) => part?.account)),
    refresh: false,
  };
}

function resultLines({ arn: name, status, violations }: z.output<typeof resultSchema>): string[] {
  const why =
    status === 'not_found'
      ? ': it does not exist, is not visible here, or never had a tag and is of a type that AWS lists only by tags'
      : '';
  return [
    `${name}: ${status.replaceAll('_', ' ')}${why}`,
    ...violations.map(({ severity, kind, tag, current_value, suggestion, expected, allowed_values, found }) => {
      const right = suggestion ?? expected ?? (allowed_values.length > 0 ? `one of ${allowed_values.join(', ')}` : undefined);
      const is = current_value === undefined ? '' : ` is "${current_value}"`;
      return `  ${severity} ${kind}: ${tag}${found === undefined ? '' : ` (found "${found}")`}${is}${right === undefined ? '' : `; right would be ${right}`}`;
    }),
  ];
}

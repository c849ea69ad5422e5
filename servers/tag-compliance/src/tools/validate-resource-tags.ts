import { arn } from '@fairway-mcp/aws/arn';
import { type Context, defineTool } from '@fairway-mcp/kit';
import { readable } from '@fairway-mcp/validation';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { violationDetail } from '../answers/violation-text.ts';
import { typeOfArn } from '../inventory/arn-type.ts';
import { ABSENCE_REASONS, type Found } from '../inventory/lookup.ts';
import type { CompiledPolicy } from '../policy/compile-policy.ts';
import { violationSchema } from '../policy/violation.ts';
import type { Services } from '../services.ts';

const resultSchema = z.object({
  arn: z.string(),
  type: z.string(),
  status: z
    .enum(['compliant', 'non_compliant', 'out_of_scope', 'exempt', 'not_found', 'not_seen', 'invalid_arn'])
    .describe('not_seen: it may exist; reason says more'),
  reason: z.enum(ABSENCE_REASONS).optional().describe('Why it was not validated'),
  detail: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  age_unknown: z.boolean().optional().describe('A grace period may apply'),
  violations: z.array(violationSchema),
});

const output = z.object({ results: z.array(resultSchema), about: aboutSchema });

export const validateResourceTags = defineTool({
  name: 'validate_resource_tags',
  title: 'Validate resource tags',
  description: 'Checks the tags of up to 100 resources, given by ARN, against the policy and explains every violation.',
  access: 'read',
  input: z.object({
    resource_arns: z
      .array(readable(z.string().max(2048), arn()))
      .min(1)
      .max(100)
      .describe('ARNs of the resources'),
  }),
  output,
  list: 'results',
  listVersion: (_answer, { policy }: Services) => policy.compiled.version,
  async run({ resource_arns }, context: Context<Services>) {
    const { source, policy } = context.services;
    const names = [...new Set(resource_arns)];
    // One that is no ARN must not cost the answers about the others.
    const problems = new Map(names.flatMap((name) => problemOf(name).map((problem) => [name, problem])));
    const lookedUp = names.filter((name) => !problems.has(name));
    const { byArn, coverage, asOf } = await source.lookUp(lookedUp, context);
    const results = names.flatMap((name) => {
      const found = byArn.get(name);
      if (found !== undefined) return [toResult(name, found, policy.compiled, Date.parse(asOf))];
      return [{ arn: name, type: 'unknown', status: 'invalid_arn' as const, detail: problems.get(name), violations: [] }];
    });
    return { results, about: aboutScan({ asOf, coverage }, source.isSample) };
  },
  text: ({ results, about }) => [...results.flatMap(resultLines), '', ...aboutLines(about)].join('\n'),
});

/** What is wrong with a text that is no ARN; nothing when it is one. */
function problemOf(name: string): string[] {
  const { error } = arn().safeParse(name);
  return error === undefined ? [] : [`It ${error.issues[0]?.message ?? 'is not an ARN'}.`];
}

/** An exempt resource has no violations, whatever its tags. */
function toResult(name: string, found: Found, policy: CompiledPolicy, asOf: number): z.output<typeof resultSchema> {
  if (found.resource === undefined) {
    const { reason, detail } = found;
    return { arn: name, type: typeOfArn(name), status: reason === 'absent' ? 'not_found' : 'not_seen', reason, detail, violations: [] };
  }
  const { type } = found.resource;
  const tags = { ...found.resource.tags };
  const { reason: exemption, isAgeUnknown } = policy.exemptionOf(found.resource, asOf);
  if (exemption !== undefined) return { arn: name, type, status: 'exempt', detail: exemption, tags, violations: [] };
  const { isInScope, violations } = policy.check(found.resource);
  const status = !isInScope ? 'out_of_scope' : violations.length === 0 ? 'compliant' : 'non_compliant';
  return { arn: name, type, status, tags, ...(isAgeUnknown && { age_unknown: true }), violations: [...violations] };
}

const STATUS_WORDS: Readonly<Record<z.output<typeof resultSchema>['status'], string>> = {
  compliant: 'compliant',
  non_compliant: 'not compliant',
  exempt: 'exempt',
  out_of_scope: 'no rule of the policy is about it',
  not_found: 'not found',
  not_seen: 'not seen',
  invalid_arn: 'not looked up',
};

function resultLines(result: z.output<typeof resultSchema>): string[] {
  const { arn: name, status, reason, detail, violations, age_unknown } = result;
  const exempt = status === 'exempt' && detail !== undefined ? ` (${detail.replace(/\.$/, '')})` : '';
  const why =
    status === 'invalid_arn'
      ? `: ${detail}`
      : reason === undefined
        ? ''
        : `: ${reason === 'absent' ? '' : `${reason.replaceAll('_', ' ')}: `}${detail}`;
  return [
    `${name}: ${STATUS_WORDS[status]}${exempt}${why}`,
    ...(age_unknown ? ['  A grace period was not applied, because AWS does not tell how old it is.'] : []),
    ...violations.map((violation) => `  ${violation.severity} ${violation.kind} ${violation.tag}: ${violationDetail(violation)}`),
  ];
}

import { arn } from '@fairway-mcp/aws/arn';
import { type Context, defineTool, ToolError } from '@fairway-mcp/kit';
import * as z from 'zod';
import { aboutLines, aboutScan, aboutSchema } from '../answers/about.ts';
import { forceRefresh } from '../answers/inputs.ts';
import { toCoverage } from '../inventory/coverage.ts';
import type { Services } from '../services.ts';
import { suggestTags as suggest, suggestedTagsSchema } from '../suggestions/suggest-tags.ts';

const output = suggestedTagsSchema.extend({
  found: z.boolean().describe('False: the resource was not found, so suggestions use only its ARN'),
  exempt: z.string().optional(),
  about: aboutSchema,
});

export const suggestTags = defineTool({
  name: 'suggest_tags',
  title: 'Suggest tags',
  description:
    'Suggests values for the required tags that a resource lacks or has wrong, each with confidence and evidence: its network, role, name, and similar tagged resources.',
  access: 'read',
  longRunning: true,
  input: z.object({ resource_arn: arn(), force_refresh: forceRefresh() }),
  output,
  async run({ resource_arn, force_refresh }, context: Context<Services>) {
    const { source, policy, learn } = context.services;
    const surroundings = await source.surroundings({ arn: resource_arn, refresh: force_refresh }, context);
    const scan = await source.scan({ types: [], regions: [], accounts: [], refresh: force_refresh }, context);
    if (scan.resources.length === 0 && !scan.coverage.isComplete) {
      throw new ToolError({
        kind: 'upstream_unavailable',
        message: 'No resources could be read to learn from.',
        remedy: 'Run doctor to see which permissions are missing.',
      });
    }
    const suggested = suggest({ arn: resource_arn, surroundings, learned: await learn(scan), policy: policy.compiled });
    const coverage = toCoverage([...surroundings.coverage.entries, ...scan.coverage.entries]);
    const exempt = surroundings.resource && policy.compiled.exemptionOf(surroundings.resource, Date.parse(scan.asOf)).reason;
    return {
      ...suggested,
      found: surroundings.resource !== undefined,
      ...(exempt !== undefined && { exempt }),
      about: aboutScan({ asOf: scan.asOf, coverage }, source.isSample),
    };
  },
  text: ({ arn: name, found, exempt, suggestions, undecided, about }) =>
    [
      ...(found ? [] : ['This resource was not found: it does not exist, or is not visible here. Suggestions use only its ARN.']),
      ...(exempt === undefined ? [] : [`It is exempt from the policy and needs no tags (${exempt.replace(/\.$/, '')}).`]),
      suggestions.length === 0 ? `There is nothing to suggest for ${name}.` : `Suggestions for ${name}:`,
      ...suggestions.map(({ key, value, confidence, reason }) => `${key} = ${value} (confidence ${confidence.toFixed(2)}): ${reason}`),
      ...(undecided.length > 0 ? [`There is not enough evidence for ${undecided.join(', ')}.`] : []),
      '',
      ...aboutLines(about),
    ].join('\n'),
});

import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { policySchema, type TagRule } from '../policy/policy.ts';
import type { Services } from '../services.ts';

const output = z.object({
  policy: policySchema,
  policy_version: z.string().describe('Changes whenever a rule changes'),
  form: z.enum(['reference', 'tag_policy', 'effective_tag_policy']).describe('How the file was written'),
  origin: z.string(),
  sample: z.boolean().describe('True: other answers are about made-up data'),
});

export const getTaggingPolicy = defineTool({
  name: 'get_tagging_policy',
  title: 'Get tagging policy',
  description: 'The tagging policy in force: required and optional tags with allowed values, prohibited keys and naming rules.',
  access: 'read',
  openWorld: false,
  input: z.object({}),
  output,
  run(_input, { services: { policy, source } }: Context<Services>) {
    const { compiled, form, origin } = policy;
    return { policy: compiled.policy, policy_version: compiled.version, form, origin, sample: source.isSample };
  },
  text: ({ policy, origin, sample }) =>
    [
      `Policy ${policy.version || '(no version)'} from ${origin}.`,
      'Required:',
      ...policy.required_tags.map(ruleLine),
      ...(policy.optional_tags.length > 0 ? ['Optional:', ...policy.optional_tags.map(ruleLine)] : []),
      ...(policy.prohibited_keys.length > 0 ? [`Prohibited: ${policy.prohibited_keys.map(({ key }) => key).join(', ')}`] : []),
      ...(sample ? ['SAMPLE DATA: the resources that this policy is checked against are made up.'] : []),
    ].join('\n'),
});

function ruleLine({ name, allowed_values, validation_regex, applies_to, severity }: TagRule): string {
  const values = allowed_values === undefined ? '' : ` = ${allowed_values.join(' | ')}`;
  const pattern = validation_regex === undefined ? '' : ` matching ${validation_regex}`;
  const types = applies_to.length === 0 ? 'all types' : applies_to.join(', ');
  return `  ${name}${values}${pattern} (${severity}; ${types})`;
}

import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { policyLines } from '../answers/policy-text.ts';
import { policySchema } from '../policy/policy.ts';
import type { Services } from '../services.ts';

/** Said by a word: strict clients warn of the empty schema that stands for "anything" otherwise. */
const FREE_FORM = { additionalProperties: true };

/** Every model reads definitions: what an answer shows by itself is not described twice. */
const shownPolicySchema = policySchema.extend({
  optional_tags: z.array(z.looseObject({ name: z.string() }).meta(FREE_FORM)).describe('As required_tags'),
  exemptions: z.array(z.looseObject({ reason: z.string() }).meta(FREE_FORM)),
});

const output = z.object({
  policy: shownPolicySchema,
  policy_version: z.string().describe('Changes whenever a rule changes'),
  form: z.enum(['reference', 'tag_policy', 'effective_tag_policy']).describe('How the file was written'),
  origin: z.string(),
  sample: z.boolean().describe('True: other answers are about made-up data'),
});

export const getTaggingPolicy = defineTool({
  name: 'get_tagging_policy',
  title: 'Get tagging policy',
  description: 'The tagging policy in force: required and optional tags with allowed values, prohibited keys, naming rules and exemptions.',
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
      ...policyLines(policySchema.parse(policy)),
      ...(sample ? ['SAMPLE DATA: the resources that this policy is checked against are made up.'] : []),
    ].join('\n'),
});

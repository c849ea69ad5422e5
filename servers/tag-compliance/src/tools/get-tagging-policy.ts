import { type Context, defineTool } from '@fairway-mcp/kit';
import * as z from 'zod';
import { abridgePolicy, type LeftOut, type ShownPolicy } from '../answers/abridge-policy.ts';
import { policyLines } from '../answers/policy-text.ts';
import { type Policy, policySchema, tagRuleSchema } from '../policy/policy.ts';
import type { Services } from '../services.ts';

/** Said by a word: strict clients warn of the empty schema that stands for "anything" otherwise. */
const FREE_FORM = { additionalProperties: true };

const shownRuleSchema = tagRuleSchema.extend({ more_values: z.int().optional() });

/** Every model reads definitions: what an answer shows by itself is not described twice. */
const shownPolicySchema = policySchema.extend({
  required_tags: z.array(shownRuleSchema),
  optional_tags: z.array(z.looseObject({ name: z.string() }).meta(FREE_FORM)).describe('As required_tags'),
  tag_naming_rules: z.looseObject({ max_key_length: z.int() }).meta(FREE_FORM),
  prohibited_keys: z.array(z.looseObject({ key: z.string() }).meta(FREE_FORM)),
  exemptions: z.array(z.looseObject({ reason: z.string() }).meta(FREE_FORM)),
});

const output = z.object({
  policy: shownPolicySchema,
  policy_version: z.string().describe('Changes whenever a rule changes'),
  form: z.enum(['reference', 'tag_policy', 'effective_tag_policy']).describe('How the file was written'),
  origin: z.string(),
  left_out: z.int().optional().describe('Rules, values, texts: see policy://current'),
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
    const rest = { policy_version: compiled.version, form, origin, sample: source.isSample };
    const answer = (shown: ShownPolicy, leftOut?: LeftOut) => ({
      policy: shown,
      ...rest,
      ...(leftOut && { left_out: leftOut.rules + leftOut.values }),
    });
    const { shown, leftOut } = abridgePolicy(compiled.policy, (...parts) => sizeOf(answer(...parts)) <= MAX_BYTES);
    return answer(shown, leftOut);
  },
  text: (answer) => textOf(answer),
});

type Answer = z.input<typeof output>;

/** Under the default limit of an answer, with some space left. */
const MAX_BYTES = 38_000;

function sizeOf(answer: Answer): number {
  return Buffer.byteLength(JSON.stringify(answer)) + Buffer.byteLength(textOf(answer));
}

function textOf({ policy, origin, left_out, sample }: Answer): string {
  return [
    `Policy ${policy.version || '(no version)'} from ${origin}.`,
    ...policyLines(withRest(policy)),
    ...(left_out === undefined
      ? []
      : [`NOT ALL OF IT: ${left_out} rules, values or texts are left out or cut. The resource policy://current has the whole policy.`]),
    ...(sample ? ['SAMPLE DATA: the resources that this policy is checked against are made up.'] : []),
  ].join('\n');
}

/** For the text, where the number of values that are not shown stands behind the others. */
function withRest(policy: Answer['policy']): Policy {
  const whole = (rule: object) => {
    const { more_values, allowed_values = [], ...rest } = shownRuleSchema.parse(rule);
    return more_values === undefined ? rule : { ...rest, allowed_values: [...allowed_values, `… ${more_values} more`] };
  };
  return policySchema.parse({
    ...policy,
    required_tags: policy.required_tags.map(whole),
    optional_tags: policy.optional_tags.map(whole),
  });
}

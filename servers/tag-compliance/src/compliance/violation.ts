import * as z from 'zod';
import { severitySchema } from '../policy/policy.ts';

export type { Severity } from '../policy/policy.ts';

/** From what is plainly absent to what is merely untidy; also the order in which the violations of one resource are listed. */
export const VIOLATION_KINDS = [
  'missing_required_tag',
  /** A key that the policy knows, but for letter case, separators or a typo. Reported instead of the missing tag. */
  'near_miss_key',
  /** Not among the allowed values, or empty where a value is required. */
  'invalid_value',
  /** Among the allowed values but for letter case or a typo. */
  'near_miss_value',
  /** Pattern, length or characters. */
  'invalid_format',
  'prohibited_key',
  'too_many_tags',
] as const;
export const violationKindSchema = z.enum(VIOLATION_KINDS);
export type ViolationKind = z.infer<typeof violationKindSchema>;

/** One rule that one resource breaks. */
export const violationSchema = z.object({
  arn: z.string(),
  type: z.string(),
  region: z.string(),
  account: z.string(),
  kind: violationKindSchema,
  severity: severitySchema,
  /** The key that the rule is about, as the policy spells it; for a naming rule the key that breaks it, for `too_many_tags` `*`. */
  tag: z.string(),
  /** The value that is there; null when the tag is missing. For `too_many_tags` the number of tags. */
  current_value: z.string().nullable(),
  /** Values that would be right, as the policy writes them; empty when any is, or when a pattern decides (then `expected` says it). */
  allowed_values: z.array(z.string()),
  /** The key that was found in place of `tag`: the near key, the prohibited key. */
  found: z.string().optional(),
  /** The likely right key or value of a near miss. */
  suggestion: z.string().optional(),
  /** What would be right, in words: the pattern, the length, the number of tags. */
  expected: z.string().optional(),
});
export type Violation = z.infer<typeof violationSchema>;

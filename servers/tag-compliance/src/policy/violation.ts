import * as z from 'zod';
import { severitySchema } from './policy.ts';

export type { Severity } from './policy.ts';

/** From the most to the least serious; also the order in which the violations of one resource are listed. */
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
  /** The value that is there; absent when the tag is missing. For `too_many_tags` the number of tags. */
  current_value: z.string().optional(),
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

/** Allowed values in words, the first few where there are many; empty when there are none. */
export function someOf(values: readonly string[]): string {
  if (values.includes('*')) return 'any value';
  const shown = values.slice(0, 5).join(', ');
  return values.length > 5 ? `${shown} or another of the ${values.length} allowed values` : values.length > 1 ? `one of ${shown}` : shown;
}

/** Errors first, then in order of the cost of their resources where it is known, else in their original order. */
export function weightiestFirst(violations: readonly Violation[], costs?: ReadonlyMap<string, string>): Violation[] {
  const costOf = ({ arn }: Violation) => Number(costs?.get(arn) ?? Number.NEGATIVE_INFINITY);
  const keyed = violations.map((violation) => ({
    violation,
    isWarning: Number(violation.severity === 'warning'),
    cost: costOf(violation),
  }));
  keyed.sort((a, b) => a.isWarning - b.isWarning || (a.cost === b.cost ? 0 : b.cost - a.cost));
  return keyed.map(({ violation }) => violation);
}

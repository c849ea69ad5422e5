export type ViolationKind =
  | 'missing_required_tag'
  | 'invalid_value'
  | 'invalid_format'
  /** A key that is a required one but for letter case or a typo. */
  | 'near_miss_key'
  /** A value that is an allowed one but for letter case or a typo. */
  | 'near_miss_value'
  | 'prohibited_key'
  | 'too_many_tags';

export type Severity = 'error' | 'warning';

/** One rule that one resource breaks. */
export interface Violation {
  arn: string;
  type: string;
  region: string;
  account: string;
  kind: ViolationKind;
  severity: Severity;
  /** The key that the rule is about, as the policy spells it. For `prohibited_key` and `near_miss_key` see `found`. */
  tag: string;
  /** The value that is there; null when the tag is missing. */
  current_value: string | null;
  /** Values that would be right; empty when any is, or when a pattern decides (then `expected` says it). */
  allowed_values: readonly string[];
  /** What was found in its place: the near key, the near value, the prohibited key. */
  found?: string;
  /** The likely right key or value of a near miss. */
  suggestion?: string;
  /** What would be right, in words: the pattern, the length, the number of tags. */
  expected?: string;
}

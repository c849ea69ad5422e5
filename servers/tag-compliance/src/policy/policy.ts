import * as z from 'zod';

/** AWS's own limits. Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export const AWS_MAX_KEY_LENGTH = 128;
export const AWS_MAX_VALUE_LENGTH = 256;
export const AWS_MAX_TAGS = 50;

export const severitySchema = z.enum(['error', 'warning']);
export type Severity = z.infer<typeof severitySchema>;

/**
 * What the policy says about one tag key. The list that contains the rule tells whether the tag is required.
 * A name may have several rules: for one resource type the most specific one counts (`ec2:instance`, then `ec2:*`, then all types).
 */
export const tagRuleSchema = z.strictObject({
  /** The tag key, as it must be spelt. */
  name: z.string(),
  description: z.string().default(''),
  /** The values that are right, each with at most one `*` that means any text; absent when every value is. */
  allowed_values: z.array(z.string()).optional(),
  /**
   * What a value must look like; absent when every value is right. Matched against the whole value: write `.*` at an end that is open.
   * When both are given, a value must be among the allowed ones and match.
   */
  validation_regex: z.string().optional(),
  /** `service:type` or `service:*`; empty means all types. */
  applies_to: z.array(z.string()).default([]),
  /** How bad it is when the tag is missing or its key misspelt. */
  severity: severitySchema.default('error'),
  /** How bad it is when the value is wrong. The same as `severity` where a policy file does not say. */
  value_severity: severitySchema.default('error'),
});
export type TagRule = z.infer<typeof tagRuleSchema>;

export const prohibitedKeySchema = z.strictObject({
  /** A key, with at most one `*` that means any text. */
  key: z.string(),
  /** Why, for the user who has to remove it. */
  description: z.string().default(''),
  severity: severitySchema.default('error'),
});
export type ProhibitedKey = z.infer<typeof prohibitedKeySchema>;

export const namingRulesSchema = z.strictObject({
  /**
   * Whether letter case counts. AWS and cost reports distinguish `CostCenter` from `costcenter`, so both default to true.
   * With false, a key (or value) that differs only in case is as good as the right one.
   */
  case_sensitivity: z
    .strictObject({ keys: z.boolean().default(true), values: z.boolean().default(true) })
    .default({ keys: true, values: true }),
  /** With false, keys are letters, digits and the separators `_ - . : /`. The policy's own keys are always right. */
  allow_special_characters: z.boolean().default(true),
  max_key_length: z.int().default(AWS_MAX_KEY_LENGTH),
  max_value_length: z.int().default(AWS_MAX_VALUE_LENGTH),
  /** How bad it is to break one of these, or to have more than 50 tags. */
  severity: severitySchema.default('warning'),
});
export type NamingRules = z.infer<typeof namingRulesSchema>;

export const MAX_GRACE_DAYS = 3650;

/** Resources that the policy is not about. All conditions that are given must hold; of a list, one entry. `*` means any text. */
export const exemptionSchema = z.strictObject({
  /** Why, for users who read a score. */
  reason: z.string(),
  /** `service:type` or `service:*`; empty means all types. */
  applies_to: z.array(z.string()).default([]),
  arns: z.array(z.string()).default([]),
  names: z.array(z.string()).default([]),
  /** Tags that it must have, with the value of each. */
  tags: z.record(z.string(), z.string()).default({}),
  /** Only in the first days after it was created. Where AWS does not tell its age, it is not exempt. */
  grace_days: z.number().optional(),
});
export type Exemption = z.infer<typeof exemptionSchema>;

/** A tagging policy in the internal form, whatever the form of its file. */
export const policySchema = z.strictObject({
  /** The author's version. Empty for an AWS tag policy, which has none. */
  version: z.string(),
  /** As the author wrote it; absent where the file does not say. */
  last_updated: z.string().optional(),
  required_tags: z.array(tagRuleSchema),
  optional_tags: z.array(tagRuleSchema),
  tag_naming_rules: namingRulesSchema,
  prohibited_keys: z.array(prohibitedKeySchema),
  /** Whether what AWS makes by itself is exempt: default VPCs with their subnets, default security groups, service-linked roles and so on. */
  exempt_aws_defaults: z.boolean().default(true),
  exemptions: z.array(exemptionSchema).default([]),
});
export type Policy = z.infer<typeof policySchema>;

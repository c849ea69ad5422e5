import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Exemption, Policy, TagRule } from './policy.ts';

/** The policy as a file of the reference form. Reading it gives the same policy again. */
export function writePolicy(policy: Policy, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(policy, null, 2)}\n` : stringify(policy, { lineWidth: 0 });
}

/**
 * Names this state of the policy: the author's version and a fingerprint of its rules, so that a rule that was changed without a new
 * version number is noticed. Descriptions, reasons and the date do not count. Example: `1.4 (3f2a9c01)`.
 */
export function policyVersion(policy: Policy): string {
  const { required_tags, optional_tags, tag_naming_rules, prohibited_keys, exempt_aws_defaults, exemptions } = policy;
  const content = {
    version: '',
    last_updated: null,
    required_tags: required_tags.map(ruleContent),
    optional_tags: optional_tags.map(ruleContent),
    tag_naming_rules,
    prohibited_keys: prohibited_keys.map(({ key, severity }) => ({ key, severity })),
    exempt_aws_defaults,
    exemptions: exemptions.map(exemptionContent),
  };
  const text = JSON.stringify(content);
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return policy.version === '' ? fingerprint : `${policy.version} (${fingerprint})`;
}

/** The parts of a rule that count, in a fixed order, so that the fingerprint does not depend on how the rule was created. */
function ruleContent({ name, allowed_values, validation_regex, applies_to, severity, value_severity }: TagRule) {
  return { name, allowed_values: allowed_values ?? null, validation_regex: validation_regex ?? null, applies_to, severity, value_severity };
}

function exemptionContent({ applies_to, arns, names, tags, grace_days }: Exemption) {
  return { applies_to, arns, names, tags: Object.entries(tags).sort(), grace_days: grace_days ?? null };
}

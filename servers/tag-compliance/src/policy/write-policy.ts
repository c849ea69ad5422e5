import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Policy } from './policy.ts';

/** The policy as a file of the reference form. Reading it gives the same policy again. */
export function writePolicy(policy: Policy, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(policy, null, 2)}\n` : stringify(policy, { lineWidth: 0 });
}

/**
 * Names this state of the policy: the author's version and a fingerprint of its rules, so that a rule that was changed without a new
 * version number is noticed. Descriptions and the date do not count. Example: `1.4 (3f2a9c01)`.
 */
export function policyVersion(policy: Policy): string {
  const rules = { ...policy, version: '', last_updated: null };
  const text = JSON.stringify(rules, (key, value: unknown) => (key === 'description' ? undefined : value));
  const fingerprint = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return policy.version === '' ? fingerprint : `${policy.version} (${fingerprint})`;
}

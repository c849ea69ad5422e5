import type { NamingRules } from './policy.ts';
import { lengthOf } from './rule-checks.ts';

/** What `allow_special_characters: false` leaves: letters and digits of any script, and separators of words and namespaces. */
const PLAIN_KEY = /^[\p{L}\p{M}\p{N}_.:/-]*$/u;

/** What the naming rules require of a key, in words that end a sentence; `undefined` when the key satisfies them. */
export function keyShapeFault(key: string, naming: NamingRules): string | undefined {
  if (key.length > naming.max_key_length && lengthOf(key) > naming.max_key_length) return `at most ${naming.max_key_length} characters`;
  if (!naming.allow_special_characters && !PLAIN_KEY.test(key)) return 'only letters, digits and the separators _ - . : /';
  return undefined;
}

/** The same for any value. */
export function valueShapeFault(value: string, naming: NamingRules): string | undefined {
  const isTooLong = value.length > naming.max_value_length && lengthOf(value) > naming.max_value_length;
  return isTooLong ? `at most ${naming.max_value_length} characters` : undefined;
}

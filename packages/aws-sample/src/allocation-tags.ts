import type { Tags } from './types.ts';

/** What billing data has of tags: only the activated ones, and an empty value is no tag. */
export function allocationTags(tags: Tags, activated: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key, value]) => activated.includes(key) && value !== ''));
}

import type { Setting } from './settings.ts';

/** What hosts hand on for a setting that a person left open in their form: nothing, or the place that it would have filled. */
const UNFILLED = /^(?:\$\{user_config\.\w+\})?$/;

/**
 * Takes settings that nobody filled in out of the environment. They must be gone, not empty: libraries read some of these names
 * too, and an empty AWS_REGION counts for them as a region.
 */
export function dropUnfilled(environment: Record<string, string | undefined>, settings: readonly Setting[]): void {
  for (const { env } of settings) {
    const text = environment[env];
    if (text !== undefined && UNFILLED.test(text)) delete environment[env];
  }
}

import type { Setting } from './settings.ts';

/** What hosts pass for a setting that the user left empty in their form: nothing, or the placeholder itself. */
const UNFILLED = /^(?:\$\{user_config\.\w+\})?$/;

/**
 * Deletes settings that were left empty from the environment. Empty is not enough: libraries read some of these names too, and take an
 * empty AWS_REGION for a region.
 */
export function dropUnfilled(environment: Record<string, string | undefined>, settings: readonly Setting[]): void {
  for (const { env } of settings) {
    const text = environment[env];
    if (text !== undefined && UNFILLED.test(text)) delete environment[env];
  }
}

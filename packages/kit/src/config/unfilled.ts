import type { Setting } from './settings.ts';

/** The placeholder of a form, as hosts pass it on for a setting that the user left empty. */
const PLACEHOLDER = /^\$\{user_config\.\w+\}$/;

/**
 * Deletes settings that were left empty in a host's form from the environment. Empty is not enough: libraries read some of these names too, and
 * take an empty AWS_REGION for a region. A secret that is empty is left where no form asks for it: there it got lost.
 * @param isInForm whether a host's form may ask for the setting
 */
export function dropUnfilled(
  environment: Record<string, string | undefined>,
  settings: readonly Setting[],
  isInForm: (setting: Setting) => boolean,
): void {
  for (const setting of settings) {
    const text = environment[setting.env];
    const isUnfilled = text === '' && (!setting.secret || isInForm(setting));
    if (isUnfilled || (text !== undefined && PLACEHOLDER.test(text))) delete environment[setting.env];
  }
}

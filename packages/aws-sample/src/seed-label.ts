/** Part of the seed of every generated organization: another label would give other data for the same seed. */
export const SEED_LABEL = 'estate';

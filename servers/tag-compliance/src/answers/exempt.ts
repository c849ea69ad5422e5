import type { ExemptCounts } from '../compliance/exempt.ts';

const REASONS_SHOWN = 8;

/** What was left out and why, and where a grace period could not be applied, in lines of text. */
export function exemptLines({ resources, by_reason, age_unknown }: ExemptCounts): string[] {
  const counts = Object.entries(by_reason);
  const shown = counts.slice(0, REASONS_SHOWN).map(([reason, count]) => `${count} (${reason.replace(/\.$/, '')})`);
  const rest = counts.slice(REASONS_SHOWN).reduce((sum, [, count]) => sum + count, 0);
  return [
    ...(resources === 0 ? [] : [`Exempt and not counted: ${[...shown, ...(rest > 0 ? [`${rest} for other reasons`] : [])].join(', ')}.`]),
    ...(age_unknown === 0
      ? []
      : [`A grace period was not applied to ${age_unknown} resources, because AWS does not tell how old they are: they count.`]),
  ];
}

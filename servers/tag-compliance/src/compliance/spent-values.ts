import type Big from 'big.js';
import type { RequiredTag } from '../inventory/source.ts';
import { clip } from './clip.ts';
import { formatAmount, readableAmount, ZERO } from './money.ts';

/** The values of a tag in billing data, with the spend that carries each; the empty value is spend without the tag. */
export type SpentValues = ReadonlyMap<string, Big>;

const NAMED = 3;

/** The spend that has a tag with a value that does not count, and its largest values; nothing when there is none. */
export function wrongValueCaveat({ key, accepts }: RequiredTag, values: SpentValues, currency: string): string[] {
  const wrong = [...values].filter(([value]) => value !== '' && !accepts(value)).sort(([, a], [, b]) => b.cmp(a));
  if (wrong.length === 0) return [];
  const sum = wrong.reduce((all, [, amount]) => all.plus(amount), ZERO);
  const named = wrong.slice(0, NAMED).map(([value]) => `"${clip(value)}"`);
  const rest = wrong.length - named.length;
  return [
    `${readableAmount(formatAmount(sum), currency)} of spend has a value of ${key} that the policy does not accept (${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}): it counts as not attributable.`,
  ];
}

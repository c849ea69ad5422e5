import * as z from 'zod';
import { formatUnits, type Units, unitsOfText } from '../bill/units.ts';
import type { Planning, Told } from '../planning/planning.ts';

/** Where an answer beside the bill comes from. */
export const originSchema = z.object({
  source: z.string(),
  sample: z.boolean().describe('True: the data is made up'),
  currency: z.string(),
  as_of: z.string(),
  price_usd: z.string().describe('What this answer cost'),
  caveats: z.array(z.string()).describe('Tell the user'),
});
export type Origin = z.output<typeof originSchema>;

export function originOf(
  { title, isSample }: Pick<Planning, 'title' | 'isSample'>,
  told: Omit<Told<unknown>, 'value'>,
  caveats: readonly string[] = [],
): Origin {
  return {
    source: title,
    sample: isSample,
    currency: told.currency,
    as_of: told.asOf,
    price_usd: told.price.usd,
    caveats: [...caveats, ...told.caveats],
  };
}

/** The last lines of a text. */
export function originLines({ source, sample, as_of, price_usd, caveats }: Origin): string[] {
  return [
    '',
    ...caveats,
    `Source: ${source}, as of ${as_of}.${price_usd === '0' ? '' : ` This answer cost $${price_usd}.`}${sample ? ' SAMPLE DATA: this organization is made up.' : ''}`,
  ];
}

/** `USD 1,234.50`: cents, halves away from zero. */
export function money(amount: Units | string, currency: string): string {
  const units = typeof amount === 'string' ? (unitsOfText(amount) ?? 0n) : amount;
  const size = units < 0n ? -units : units;
  const cents = (size + 50_000_000n) / 100_000_000n;
  const [whole = '0', decimals] = [(cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ','), (cents % 100n).toString().padStart(2, '0')];
  return `${units < 0n && cents > 0n ? '-' : ''}${currency} ${whole}.${decimals}`;
}

export function optional(amount: Units | undefined): string | undefined {
  return amount === undefined ? undefined : formatUnits(amount);
}

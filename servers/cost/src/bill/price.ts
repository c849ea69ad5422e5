import type { Price } from './question.ts';
import { formatUnits, unitsOfText } from './units.ts';

export const FREE: Price = { pages: 0, bytesScanned: 0, usd: '0' };

/** What several questions cost together. */
export function sumPrices(prices: readonly Price[]): Price {
  return {
    pages: prices.reduce((sum, { pages }) => sum + pages, 0),
    bytesScanned: prices.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0),
    usd: formatUnits(prices.reduce((sum, { usd }) => sum + (unitsOfText(usd) ?? 0n), 0n)),
  };
}

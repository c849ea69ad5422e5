import { Big } from 'big.js';
import type { SpentValues } from '../../compliance/spent-values.ts';
import type { RequiredTag } from '../../inventory/source.ts';
import type { CostExplorer, SpendQuestion } from './cost-explorer.ts';

/**
 * The values in use of the tags for which the policy has a pattern: Cost Explorer cannot filter by a pattern, so the values are read and
 * compared with it here. One query reads two keys, because Cost Explorer groups by at most two and charges for each page.
 * @throws AwsError, ToolError `budget_exceeded`
 */
export async function spentValues(
  costExplorer: CostExplorer,
  question: Omit<SpendQuestion, 'groupBy'>,
  required: readonly RequiredTag[],
  signal: AbortSignal,
): Promise<{ byKey: ReadonlyMap<string, SpentValues>; pages: number }> {
  const keys = required.filter(({ values }) => values === undefined).map(({ key }) => key);
  const byKey = new Map(keys.map((key) => [key, new Map<string, Big>()]));
  let pages = 0;
  for (let first = 0; first < keys.length; first += 2) {
    const pair = keys.slice(first, first + 2);
    const { value, pages: paid } = await costExplorer.spend({ ...question, groupBy: pair.map((Key) => ({ Type: 'TAG', Key })) }, signal);
    pages += paid;
    for (const group of value.groups) {
      pair.forEach((key, position) => {
        const values = byKey.get(key);
        const name = (group.keys[position] ?? '').slice(`${key}$`.length);
        values?.set(name, new Big(group.amount).plus(values.get(name) ?? 0));
      });
    }
  }
  return { byKey, pages };
}

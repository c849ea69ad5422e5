import { AwsError } from '@fairway-mcp/aws';
import type { RequiredTag } from '../../inventory/source.ts';
import type { CostExplorer } from './cost-explorer.ts';

/** What a user must know about required tags that are not activated for cost allocation, or were activated only within the period. */
export async function activationCaveats(
  costExplorer: CostExplorer,
  { required, start, end }: { required: readonly RequiredTag[]; start: string; end: string },
  isZero: boolean,
  signal: AbortSignal,
): Promise<{ caveats: readonly string[]; pages: number }> {
  const keys = required.map(({ key }) => key);
  if (keys.length === 0) return { caveats: [], pages: 0 };
  try {
    const { value: active, pages } = await costExplorer.activeTags(keys, signal);
    return { caveats: keys.flatMap((key) => (active.has(key) ? activatedLate(key, active.get(key), start) : [inactive(key)])), pages };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsError)) throw error;
    return isZero ? carriedCaveats(costExplorer, keys, { start, end }, signal) : { caveats: [], pages: 0 };
  }
}

/** The same for identities that may not list activations. A tag that no spend carries is then taken for one that is not activated. */
async function carriedCaveats(
  costExplorer: CostExplorer,
  keys: readonly string[],
  period: { start: string; end: string },
  signal: AbortSignal,
): Promise<{ caveats: readonly string[]; pages: number }> {
  try {
    const { value: spent, pages } = await costExplorer.spentTags(period, signal);
    return { caveats: keys.filter((key) => !spent.includes(key)).map(inactive), pages };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsError)) throw error;
    return {
      caveats: [
        'Whether the required tags are activated for cost allocation could not be found out. If they are not, no spend is attributable.',
      ],
      pages: 0,
    };
  }
}

function activatedLate(key: string, since: string | undefined, start: string): string[] {
  const day = since?.slice(0, 10);
  if (day === undefined || day <= start) return [];
  return [`The tag ${key} was activated for cost allocation on ${day}: spend before that day counts as not attributable.`];
}

function inactive(key: string): string {
  return `Cost Explorer does not know the tag ${key}: activate it as a cost allocation tag in the billing console of the management account. Until then no spend counts as attributable.`;
}

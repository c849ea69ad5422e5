import type { Saving } from './planning.ts';

/** One saving a resource, the greatest: two recommenders would count it twice. Resources are the same by account and id, an ARN's last part. */
export function deduplicate(savings: readonly Saving[]): Saving[] {
  const byResource = Map.groupBy(savings, ({ account, resource }) => `${account}/${idOf(resource)}`);
  return [...byResource.values()].flatMap(mergeSame).toSorted(byAmount);
}

function mergeSame(same: readonly Saving[]): Saving[] {
  const [best] = same.toSorted(byAmount);
  return best === undefined ? [] : [{ ...best, sources: [...new Set(same.flatMap(({ sources }) => sources))].toSorted() }];
}

function byAmount(a: Saving, b: Saving): number {
  return a.monthlySaving === b.monthlySaving ? 0 : a.monthlySaving > b.monthlySaving ? -1 : 1;
}

function idOf(resource: string): string {
  return resource.split(/[/:]/).at(-1) ?? resource;
}

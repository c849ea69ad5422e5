import type { Permission, ToolFacts } from '@fairway-mcp/kit/describe';

/** Tools that need the same permissions, and the IAM policy that grants exactly these. */
export interface PolicyGroup {
  tools: readonly string[];
  policy: object;
}

/** The policies that single tools need, tools with equal needs together. Tools without declared permissions are left out. */
export function policyGroups(tools: readonly ToolFacts[]): PolicyGroup[] {
  const groups = Map.groupBy(
    tools.filter(({ permissions }) => permissions.length > 0),
    ({ permissions }) => JSON.stringify(policyFor(permissions)),
  );
  return [...groups].map(([policy, members]) => ({ tools: members.map(({ name }) => name), policy: JSON.parse(policy) }));
}

/** One IAM policy for the given permissions: a statement for each resource, its actions sorted, none twice. */
export function policyFor(permissions: readonly Permission[]): object {
  const wanted = permissions.map((permission) => (typeof permission === 'string' ? { action: permission, resource: '*' } : permission));
  const byResource = Map.groupBy(wanted, ({ resource }) => resource);
  return {
    Version: '2012-10-17',
    Statement: [...byResource].sort(byFirst).map(([resource, members]) => ({
      Effect: 'Allow',
      Action: [...new Set(members.map(({ action }) => action))].sort(),
      Resource: resource,
    })),
  };
}

function byFirst([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** An IAM action, on everything (`ec2:DescribeInstances`) or on the named resource only. */
export type Permission = string | { action: string; resource: string };

/** What each tool of a server needs, by the tool's name. Tools that need nothing are left out. */
export type ToolPermissions = Readonly<Record<string, readonly Permission[]>>;

/** Tools that need the same permissions, and the IAM policy that grants exactly these. */
export interface PolicyGroup {
  tools: readonly string[];
  policy: object;
}

/**
 * The README section with the least IAM policies of a server, for `readmeSections` of its definition: one for all tools, and one for each
 * group of tools that need the same.
 * @returns a function that takes the names of the server's tools and throws TypeError when permissions are declared for another name.
 */
export function permissionsSection(permissions: ToolPermissions): (tools: readonly string[]) => string {
  return (tools) => {
    const unknown = Object.keys(permissions).find((name) => !tools.includes(name));
    if (unknown !== undefined) throw new TypeError(`Permissions are declared for "${unknown}", which is not a tool.`);
    const groups = policyGroups(tools, permissions).map(({ tools: names, policy }) =>
      folded(`Only ${names.map((name) => `<code>${name}</code>`).join(', ')}`, json(policy)),
    );
    const whole = json(policyFor(tools.flatMap((name) => permissions[name] ?? [])));
    return ['All tools:', whole, ...(groups.length > 1 ? groups : [])].join('\n\n');
  };
}

/** The policies that single tools need, tools with equal needs together. */
export function policyGroups(tools: readonly string[], permissions: ToolPermissions): PolicyGroup[] {
  const needing = tools.filter((name) => (permissions[name] ?? []).length > 0);
  const groups = Map.groupBy(needing, (name) => JSON.stringify(policyFor(permissions[name] ?? [])));
  return [...groups].map(([policy, members]) => ({ tools: members, policy: JSON.parse(policy) }));
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

function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function json(value: object): string {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

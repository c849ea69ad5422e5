/** Names an inventory of AWS, such as `aws accounts=111122223333 regions=*`. */
export function awsInventoryName(accounts: readonly string[], regions: readonly string[]): string {
  return `aws accounts=${joinNames(accounts)} regions=${joinNames(regions)}`;
}

/** Names the inventory of a sample organization: `sample seed=1 size=2000`. */
export function sampleInventoryName({ seed, size }: { seed: number; size: number }): string {
  return `sample seed=${seed} size=${size}`;
}

/** Names as one text that does not depend on their order; `*` when there are none, which means all, future ones included. */
export function joinNames(names: readonly string[]): string {
  return names.length === 0 ? '*' : [...new Set(names)].sort().join(',');
}

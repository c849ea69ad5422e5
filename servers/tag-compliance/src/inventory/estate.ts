/** Names what is looked into in AWS, such as `aws accounts=111122223333 regions=*`. */
export function awsEstate(accounts: readonly string[], regions: readonly string[]): string {
  return `aws accounts=${namesText(accounts)} regions=${namesText(regions)}`;
}

/** Names a made-up organization: `sample seed=1 size=2000`. */
export function sampleEstate({ seed, size }: { seed: number; size: number }): string {
  return `sample seed=${seed} size=${size}`;
}

/** Names as one text that does not depend on their order; `*` where there are none, which stands for all, also those to come. */
export function namesText(names: readonly string[]): string {
  return names.length === 0 ? '*' : [...new Set(names)].sort().join(',');
}

/** Regions that AWS offers: those that every account has, and those that an account must opt in to. */

const ALWAYS_ON = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

const OPT_IN = [
  'af-south-1',
  'ap-east-1',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
];

export interface Region {
  name: string;
  /** As `DescribeRegions` returns it. */
  optInStatus: 'opt-in-not-required' | 'opted-in' | 'not-opted-in';
}

/**
 * @param optedIn opt-in regions that the accounts have enabled; one that is not among those above is newer than this emulator.
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export function listRegions(optedIn: Iterable<string>): readonly Region[] {
  const on = new Set(optedIn);
  const always = ALWAYS_ON.map((name): Region => ({ name, optInStatus: 'opt-in-not-required' }));
  const optional = [...new Set([...OPT_IN, ...[...on].filter((name) => !ALWAYS_ON.includes(name))])].map(
    (name): Region => ({ name, optInStatus: on.has(name) ? 'opted-in' : 'not-opted-in' }),
  );
  return [...always, ...optional].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function isEnabled({ optInStatus }: Region): boolean {
  return optInStatus !== 'not-opted-in';
}

import { type Aws, AwsError } from '@fairway-mcp/aws';
import type { Finding } from '@fairway-mcp/kit';
import pLimit from 'p-limit';
import { accessProblem } from './access.ts';
import { PERMISSION_GROUPS } from './permissions.ts';
import { roleTags } from './principals.ts';
import { READERS } from './readers/index.ts';
import type { OpenRegion, RegionClient } from './region-client.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { taggedResources } from './tagging.ts';

/** Whether AWS accepts the credentials. Anyone may read this, so it says neither whose they are nor which address stands for AWS. */
export async function checkHealth(aws: Aws, signal: AbortSignal): Promise<Finding[]> {
  const name = 'aws credentials';
  try {
    await aws.identity(signal);
    return [{ name, ok: true, detail: 'AWS accepts them.' }];
  } catch (error) {
    signal.throwIfAborted();
    return [{ name, ok: false, detail: error instanceof AwsError ? error.message : UNCHECKED, remedy: 'Run doctor to see what is wrong.' }];
  }
}

const UNCHECKED = 'They could not be checked.';

/** The most accounts that are checked at a time. */
const CONCURRENCY = 4;

export interface DoctorOptions {
  aws: Aws;
  scope: Scope;
  openRegion: OpenRegion;
  /** Configured regions; none means all that are enabled. */
  regions: readonly string[];
}

/** Checks credentials, roles and permissions one by one. Cost Explorer is left out, because each of its answers costs money. */
export async function runDoctor(options: DoctorOptions, signal: AbortSignal): Promise<Finding[]> {
  const credentials = await checkCredentials(options.aws, signal);
  if (!credentials.ok) return [credentials];
  const accounts = await options.scope.accounts(signal);
  const findings = await pLimit(CONCURRENCY).map(accounts, (account) => checkAccount(account, options, signal));
  return [credentials, ...findings.flat(), COST_EXPLORER];
}

const COST_EXPLORER: Finding = {
  name: 'cost explorer',
  ok: true,
  detail: `Not checked, because each request costs $0.01. Costs need ${[...PERMISSION_GROUPS.resourceCosts.actions, ...PERMISSION_GROUPS.attributedSpend.actions].join(', ')}.`,
};

async function checkCredentials(aws: Aws, signal: AbortSignal): Promise<Finding> {
  const name = 'aws credentials';
  try {
    const { account, arn } = await aws.identity(signal);
    return { name, ok: true, detail: `Account ${account} as ${arn}.` };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AwsError)) return { name, ok: false, detail: UNCHECKED, remedy: 'See the log.' };
    const { message: detail, remedy } = await accessProblem(error, aws);
    return { name, ok: false, detail, remedy: `${remedy}.` };
  }
}

async function checkAccount(account: string, options: DoctorOptions, signal: AbortSignal): Promise<Finding[]> {
  const { aws, scope, openRegion } = options;
  const name = `account ${account}`;
  const entered = await scope.enter(account, signal);
  if (!('identity' in entered)) {
    const remedy = 'Check the role and the external id in the settings, and the trust policy of the role.';
    return [{ name, ok: false, detail: entered.detail ?? 'It cannot be entered.', remedy }];
  }
  const region = await openRegion(entered, await aws.homeRegion(), { signal });
  const services = Object.entries(Object.groupBy(PROBES, ({ service }) => service));
  return [
    { name, ok: true, detail: `Entered as ${entered.identity.arn}.` },
    await checkRegions(`${name} regions`, entered, options, signal),
    ...(await Promise.all(services.map(([service, probes = []]) => checkService(region, service, probes)))),
  ];
}

/** Regions that are configured are checked against those of the account. */
async function checkRegions(
  name: string,
  entered: EnteredAccount,
  { scope, regions }: DoctorOptions,
  signal: AbortSignal,
): Promise<Finding> {
  if (regions.length === 0) return regionsFinding(name, await scope.regions(entered, signal));
  try {
    const problems = [...(await scope.regionProblems(regions, entered, signal)).values()];
    if (problems.length === 0) return { name, ok: true, detail: `${regions.length}: ${regions.join(', ')}.` };
    const remedy = 'Correct --regions (FAIRWAY_REGIONS), or enable the region for the account.';
    return { name, ok: false, detail: problems.join(' '), remedy };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { name, ok: true, detail: `${regions.length}: ${regions.join(', ')}. Not checked: ${error.message}` };
  }
}

function regionsFinding(name: string, { regions, entries }: Awaited<ReturnType<Scope['regions']>>): Finding {
  if (entries.length === 0) return { name, ok: true, detail: `${regions.length}: ${regions.join(', ')}.` };
  const detail = entries.map((entry) => entry.detail).join(' ');
  return { name, ok: false, detail, remedy: 'Allow ec2:DescribeRegions, or set the regions.' };
}

interface Probe {
  service: string;
  request(aws: RegionClient): Promise<unknown>;
}

/** Ends a listing after its first page, which proves that it is allowed. */
class FirstPage extends Error {}

/** Every listing that a scan needs, and what suggestions need of IAM. */
const PROBES: readonly Probe[] = [
  { service: 'tagging', request: (aws) => taggedResources(aws, []) },
  ...READERS.map((reader) => ({
    service: reader.type.slice(0, reader.type.indexOf(':')),
    request: (aws: RegionClient) => reader.read(aws),
  })),
  // A role that does not exist: only an identity with the permission is told so.
  { service: 'iam', request: (aws) => roleTags(aws, 'fairway-permission-check') },
];

async function checkService(aws: RegionClient, service: string, probes: readonly Probe[]): Promise<Finding> {
  const name = `account ${aws.account} ${service}`;
  const probing: RegionClient = {
    ...aws,
    onPage() {
      throw new FirstPage();
    },
  };
  const failures = await Promise.all(probes.map(({ request }) => request(probing).then(() => undefined, failureOf)));
  const found = failures.filter((failure) => failure !== undefined);
  aws.signal.throwIfAborted();
  if (found.length === 0) return { name, ok: true, detail: `Answers in ${aws.region}.` };
  const denied = found.filter(({ failure }) => failure === 'access_denied').map(({ action }) => action);
  return {
    name,
    ok: false,
    detail: found.map(({ message }) => message).join(' '),
    remedy:
      denied.length > 0 ? `Allow ${denied.join(', ')}; the README has the whole policy.` : 'Try again; if it fails again, see the log.',
  };
}

function failureOf(error: unknown): AwsError | undefined {
  if (error instanceof FirstPage) return undefined;
  if (!(error instanceof AwsError)) throw error;
  return error.failure === 'not_found' ? undefined : error;
}

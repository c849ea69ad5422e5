import { type Aws, AwsError } from '@fairway-mcp/aws';
import type { Finding } from '@fairway-mcp/kit';
import { Limiter } from '../scanning/limiter.ts';
import { PERMISSION_GROUPS } from './permissions.ts';
import { roleTags } from './principals.ts';
import { READERS } from './readers/index.ts';
import type { Visit } from './readers/reader.ts';
import type { EnteredAccount, Scope } from './scope.ts';
import { taggedResources } from './tagging.ts';

/** Whether AWS answers with these credentials. Anybody may read this, so that it does not say whose they are. */
export async function checkHealth(aws: Aws, signal: AbortSignal): Promise<Finding[]> {
  const finding = await checkCredentials(aws, signal);
  return [finding.ok ? { ...finding, detail: 'AWS accepts them.' } : finding];
}

/** Accounts that are examined at a time. */
const PARALLEL = 4;

/** Credentials, roles and permissions, one by one. Cost Explorer is left out, for asking it costs money. */
export async function examine(
  aws: Aws,
  scope: Scope,
  enterRegion: (entered: EnteredAccount, region: string, reading: { signal: AbortSignal }) => Promise<Visit>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const credentials = await checkCredentials(aws, signal);
  if (!credentials.ok) return [credentials];
  const limiter = new Limiter(PARALLEL);
  const accounts = await scope.accounts(signal);
  const findings = await Promise.all(
    accounts.map((account) => limiter.run(signal, () => examineAccount(account, aws, scope, enterRegion, signal))),
  );
  return [credentials, ...findings.flat(), COST_EXPLORER];
}

const COST_EXPLORER: Finding = {
  name: 'cost explorer',
  ok: true,
  detail: `Not asked, as each question costs $0.01. Costs need ${[...PERMISSION_GROUPS.resourceCosts.actions, ...PERMISSION_GROUPS.attributedSpend.actions].join(', ')}.`,
};

async function checkCredentials(aws: Aws, signal: AbortSignal): Promise<Finding> {
  const name = 'aws credentials';
  try {
    const { account, arn } = await aws.identity(signal);
    return { name, ok: true, detail: `Account ${account} as ${arn}.` };
  } catch (error) {
    signal.throwIfAborted();
    const detail = error instanceof AwsError ? error.message : 'They could not be checked.';
    return {
      name,
      ok: false,
      detail,
      remedy:
        'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again (aws sso login); see that this machine reaches AWS.',
    };
  }
}

async function examineAccount(
  account: string,
  aws: Aws,
  scope: Scope,
  enterRegion: (entered: EnteredAccount, region: string, reading: { signal: AbortSignal }) => Promise<Visit>,
  signal: AbortSignal,
): Promise<Finding[]> {
  const entered = await scope.enter(account, signal);
  if (!('identity' in entered)) {
    return [
      {
        name: `account ${account}`,
        ok: false,
        detail: entered.detail ?? 'It cannot be entered.',
        remedy: 'Check the role and the external id in the settings, and the trust policy of the role.',
      },
    ];
  }
  const at = await enterRegion(entered, await aws.homeRegion(), { signal });
  const role: Finding = { name: `account ${account}`, ok: true, detail: `Entered as ${entered.identity.arn}.` };
  const { regions, entries } = await scope.regions(entered, signal);
  const found: Finding =
    entries.length === 0
      ? { name: `account ${account} regions`, ok: true, detail: `${regions.length}: ${regions.join(', ')}.` }
      : {
          name: `account ${account} regions`,
          ok: false,
          detail: entries.map(({ detail }) => detail).join(' '),
          remedy: 'Allow ec2:DescribeRegions, or set the regions.',
        };
  const services = Object.entries(Object.groupBy(PROBES, ({ service }) => service));
  const permissions = services.map(([service, probes = []]) => examineService(at, service, probes));
  return [role, found, ...(await Promise.all(permissions))];
}

interface Probe {
  service: string;
  ask(at: Visit): Promise<unknown>;
}

/** A listing is seen to be allowed when its first page is here. */
class FirstPage extends Error {}

/** Every listing that a scan needs, and what suggestions need of IAM. */
const PROBES: readonly Probe[] = [
  { service: 'tagging', ask: (at) => taggedResources(at, []) },
  ...READERS.map((reader) => ({ service: reader.type.slice(0, reader.type.indexOf(':')), ask: (at: Visit) => reader.read(at) })),
  // A role that is not there: the answer says so only to those who may ask.
  { service: 'iam', ask: (at) => roleTags(at, 'fairway-permission-check') },
];

async function examineService(at: Visit, service: string, probes: readonly Probe[]): Promise<Finding> {
  const name = `account ${at.account} ${service}`;
  const probing: Visit = {
    ...at,
    page() {
      throw new FirstPage();
    },
  };
  const failures = await Promise.all(probes.map(({ ask }) => ask(probing).then(() => undefined, failureOf)));
  const found = failures.filter((failure) => failure !== undefined);
  at.signal.throwIfAborted();
  if (found.length === 0) return { name, ok: true, detail: `Answers in ${at.region}.` };
  const denied = found.filter(({ failure }) => failure === 'access_denied').map(({ action }) => action);
  return {
    name,
    ok: false,
    detail: found.map(({ message }) => message).join(' '),
    remedy: denied.length > 0 ? `Allow ${denied.join(', ')}; the README has the whole policy.` : 'Try again; if it stays so, see the log.',
  };
}

function failureOf(error: unknown): AwsError | undefined {
  if (error instanceof FirstPage) return undefined;
  if (!(error instanceof AwsError)) throw error;
  return error.failure === 'not_found' ? undefined : error;
}

import { type Aws, AwsError, answered, type Identity } from '@fairway-mcp/aws';
import type { Cache } from '@fairway-mcp/cache';
import { ToolError } from '@fairway-mcp/kit';
import type { CoverageEntry } from '../inventory/coverage.ts';
import { gapOf } from './gap.ts';

export interface ScopeOptions {
  aws: Aws;
  cache: Cache;
  /** Accounts to look into; none means that of the credentials. */
  accounts: readonly string[];
  /** Regions to look into; none means all that are enabled for an account. */
  regions: readonly string[];
  /** Whether other accounts can be entered at all. */
  hasRole: boolean;
}

/** An account that was entered. */
export interface EnteredAccount {
  identity: Identity;
  /** Unset when the account is that of the credentials themselves. */
  roleAccount: string | undefined;
}

/** Which accounts and regions there are to look into. */
export interface Scope {
  /** The configured accounts, or that of the credentials. @throws ToolError when the credentials are of no use */
  accounts(signal: AbortSignal): Promise<readonly string[]>;
  /** @returns an entry for the coverage when the account cannot be entered. @throws the signal's reason */
  enter(account: string, signal: AbortSignal): Promise<EnteredAccount | CoverageEntry>;
  /** Where to look in an account, and what to say when that is not everywhere. @throws the signal's reason */
  regions(account: EnteredAccount, signal: AbortSignal): Promise<{ regions: readonly string[]; entries: readonly CoverageEntry[] }>;
}

/** Regions are enabled rarely. */
const REGIONS_TTL_MS = 3_600_000;
const DESCRIBE_REGIONS = 'ec2:DescribeRegions';

export function createScope({ aws, cache, accounts: configured, regions: configuredRegions, hasRole }: ScopeOptions): Scope {
  async function ownIdentity(signal: AbortSignal): Promise<Identity> {
    try {
      return await aws.identity(signal);
    } catch (error) {
      signal.throwIfAborted();
      throw credentialsError(error);
    }
  }

  async function enter(account: string, signal: AbortSignal): Promise<EnteredAccount | CoverageEntry> {
    const own = await ownIdentity(signal);
    if (account === own.account) return { identity: own, roleAccount: undefined };
    if (!configured.includes(account)) return closed(account, 'This account is not configured.');
    if (!hasRole) return closed(account, 'No role is configured to enter it with.');
    try {
      const identity = await aws.identity(signal, account);
      return identity.account === account
        ? { identity, roleAccount: account }
        : closed(account, `The role configured for this account belongs to account ${identity.account}.`);
    } catch (error) {
      signal.throwIfAborted();
      const detail =
        error instanceof AwsError && error.failure === 'access_denied'
          ? 'Its role could not be assumed: check that it exists, trusts this identity and expects this external id.'
          : gapOf(error).detail;
      return closed(account, detail);
    }
  }

  async function enabledRegions({ identity, roleAccount }: EnteredAccount, signal: AbortSignal): Promise<readonly string[]> {
    const key = `tag-compliance:regions:${identity.account}:${identity.fingerprint}`;
    const { value } = await cache.getOrLoad(key, { ttlMs: REGIONS_TTL_MS, signal }, async (loading) => {
      const region = await aws.homeRegion();
      const { client, DescribeRegionsCommand } = await aws.open('ec2', {
        region,
        ...(roleAccount !== undefined && { account: roleAccount }),
      });
      const { Regions } = await answered(DESCRIBE_REGIONS, loading, client.send(new DescribeRegionsCommand({}), { abortSignal: loading }));
      const names = Regions?.flatMap(({ RegionName, OptInStatus }) => (RegionName && OptInStatus !== 'not-opted-in' ? [RegionName] : []));
      if (names === undefined || names.length === 0) throw new AwsError(DESCRIBE_REGIONS, 'invalid_answer', 'MissingList');
      return names.sort();
    });
    return value;
  }

  return {
    async accounts(signal) {
      const { account } = await ownIdentity(signal);
      return configured.length > 0 ? configured : [account];
    },
    enter,
    async regions(entered, signal) {
      if (configuredRegions.length > 0) return { regions: configuredRegions, entries: [] };
      try {
        return { regions: await enabledRegions(entered, signal), entries: [] };
      } catch (error) {
        signal.throwIfAborted();
        const home = await aws.homeRegion();
        const { reason, detail } = gapOf(error);
        const entry: CoverageEntry = {
          account: entered.identity.account,
          region: '*',
          types: ['*'],
          status: 'missing',
          reason,
          detail: `${detail} Only ${home} was looked into, as the other regions are not known. Setting the regions helps too.`,
          resources: 0,
        };
        return { regions: [home], entries: [entry] };
      }
    },
  };
}

function closed(account: string, detail: string): CoverageEntry {
  return { account, region: '*', types: ['*'], status: 'missing', reason: 'no_access_to_account', detail, resources: 0 };
}

/** Without credentials of its own this server can do nothing. */
function credentialsError(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  const isRefused = error.failure === 'credentials' || error.failure === 'access_denied';
  return new ToolError({
    kind: isRefused ? 'upstream_rejected' : 'upstream_unavailable',
    message: isRefused ? 'The AWS credentials are missing, expired or not valid.' : `AWS cannot be reached: ${error.message}`,
    remedy: isRefused
      ? 'Renew them where this server runs (for SSO: aws sso login), or run doctor to see what is wrong.'
      : 'Try again in a minute, or run doctor to see what is wrong.',
    cause: error,
  });
}

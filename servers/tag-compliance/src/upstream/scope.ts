import { type Aws, AwsError, answered, type Identity, listed } from '@fairway-mcp/aws';
import { isKnownRegion } from '@fairway-mcp/aws/arn';
import type { Cache } from '@fairway-mcp/cache';
import { ToolError } from '@fairway-mcp/kit';
import { didYouMean } from '@fairway-mcp/validation';
import * as z from 'zod';
import type { CoverageEntry } from '../inventory/coverage.ts';
import { accessProblem } from './access.ts';
import { gapOf } from './gap.ts';

export interface ScopeOptions {
  aws: Aws;
  cache: Cache;
  /** Accounts to scan; none means that of the credentials. */
  accounts: readonly string[];
  /** Regions to scan; none means all that are enabled for an account. */
  regions: readonly string[];
  /** Whether there is a role to assume in other accounts. */
  hasRole: boolean;
}

/** An account whose role was assumed, or that of the credentials. */
export interface EnteredAccount {
  identity: Identity;
  /** Unset when the account is that of the credentials themselves. */
  roleAccount: string | undefined;
}

/** Which accounts and regions there are to scan. */
export interface Scope {
  /** The configured accounts, or that of the credentials. @throws ToolError when the credentials cannot be used */
  accounts(signal: AbortSignal): Promise<readonly string[]>;
  /** @returns an entry for the coverage when the account cannot be entered. @throws the signal's reason */
  enter(account: string, signal: AbortSignal): Promise<EnteredAccount | CoverageEntry>;
  /** The regions to scan in an account, with entries for the coverage when they are not all. @throws the signal's reason */
  regions(account: EnteredAccount, signal: AbortSignal): Promise<RegionsToScan>;
  /** Those of the regions that exist, with an entry for the coverage for each other one. @throws the signal's reason */
  existingRegions(names: readonly string[], account: EnteredAccount, signal: AbortSignal): Promise<RegionsToScan>;
  /**
   * What is wrong with some of these regions, by name: they do not exist, or are not enabled for the account.
   * @throws AwsError when the regions of the account cannot be listed; the signal's reason
   */
  regionProblems(names: readonly string[], account: EnteredAccount, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

interface RegionsToScan {
  regions: readonly string[];
  entries: readonly CoverageEntry[];
}

export function createScope(options: ScopeOptions): Scope {
  return {
    async accounts(signal) {
      const { account } = await ownIdentity(options.aws, signal);
      return options.accounts.length > 0 ? options.accounts : [account];
    },
    enter: (account, signal) => enterAccount(account, options, signal),
    regions: (entered, signal) => regionsToScan(entered, options, signal),
    existingRegions: (names, entered, signal) => existingRegions(names, entered, options, signal),
    regionProblems: (names, entered, signal) => regionProblems(names, entered, options, signal),
  };
}

async function ownIdentity(aws: Aws, signal: AbortSignal): Promise<Identity> {
  try {
    return await aws.identity(signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof AwsError ? await credentialsError(error, aws) : error;
  }
}

async function enterAccount(
  account: string,
  { aws, accounts, hasRole }: ScopeOptions,
  signal: AbortSignal,
): Promise<EnteredAccount | CoverageEntry> {
  const own = await ownIdentity(aws, signal);
  if (account === own.account) return { identity: own, roleAccount: undefined };
  if (!accounts.includes(account)) return noAccess(account, 'This account is not configured.');
  if (!hasRole) return noAccess(account, 'No role is configured to enter it with.');
  try {
    const identity = await aws.identity(signal, account);
    return identity.account === account
      ? { identity, roleAccount: account }
      : noAccess(account, `The role configured for this account belongs to account ${identity.account}.`);
  } catch (error) {
    signal.throwIfAborted();
    const isDenied = error instanceof AwsError && error.failure === 'access_denied';
    return noAccess(account, isDenied ? ROLE_DENIED : gapOf(error).detail);
  }
}

const ROLE_DENIED = 'Its role could not be assumed: check that it exists, trusts this identity and expects this external id.';

function noAccess(account: string, detail: string): CoverageEntry {
  return { account, region: '*', types: ['*'], status: 'missing', reason: 'no_access_to_account', detail, resources: 0 };
}

async function regionsToScan(entered: EnteredAccount, options: ScopeOptions, signal: AbortSignal): Promise<RegionsToScan> {
  if (options.regions.length > 0) return { regions: options.regions, entries: [] };
  try {
    return { regions: await enabledRegions(entered, options, signal), entries: [] };
  } catch (error) {
    signal.throwIfAborted();
    const home = await options.aws.homeRegion();
    const { reason, detail } = gapOf(error);
    const entry: CoverageEntry = {
      account: entered.identity.account,
      region: '*',
      types: ['*'],
      status: 'missing',
      reason,
      detail: `${detail} Only ${home} was scanned, because the other regions are not known. Setting the regions helps too.`,
      resources: 0,
    };
    return { regions: [home], entries: [entry] };
  }
}

/** Regions are enabled rarely. */
const REGIONS_TTL_MS = 3_600_000;
const REGIONS = z.array(z.object({ name: z.string(), isEnabled: z.boolean() }));
const DESCRIBE_REGIONS = 'ec2:DescribeRegions';

/** A region of AWS, as an account sees it. */
interface KnownRegion {
  name: string;
  isEnabled: boolean;
}

async function enabledRegions(entered: EnteredAccount, options: ScopeOptions, signal: AbortSignal): Promise<readonly string[]> {
  const enabled = (await knownRegions(entered, options, signal)).filter(({ isEnabled }) => isEnabled);
  if (enabled.length === 0) throw new AwsError(DESCRIBE_REGIONS, 'invalid_answer', 'MissingList');
  return enabled.map(({ name }) => name);
}

/** All regions of the account's partition, also those that are not enabled. @throws AwsError */
async function knownRegions(
  { identity, roleAccount }: EnteredAccount,
  { aws, cache }: ScopeOptions,
  signal: AbortSignal,
): Promise<readonly KnownRegion[]> {
  const key = `tag-compliance:known-regions:${identity.account}:${identity.fingerprint}`;
  const { value } = await cache.getOrLoad(key, { schema: REGIONS, ttlMs: REGIONS_TTL_MS, signal }, async (loading) => {
    const region = await aws.homeRegion();
    const { client, DescribeRegionsCommand } = await aws.open('ec2', {
      region,
      ...(roleAccount !== undefined && { account: roleAccount }),
    });
    const command = new DescribeRegionsCommand({ AllRegions: true });
    const { Regions } = await answered(DESCRIBE_REGIONS, loading, client.send(command, { abortSignal: loading }));
    const known = listed(DESCRIBE_REGIONS, Regions).flatMap(({ RegionName: name, OptInStatus }): KnownRegion[] =>
      name ? [{ name, isEnabled: OptInStatus !== 'not-opted-in' }] : [],
    );
    return known.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
  return value;
}

/** Only regions that are newer than this release have to be looked up, and misspelt ones. */
async function existingRegions(
  names: readonly string[],
  entered: EnteredAccount,
  options: ScopeOptions,
  signal: AbortSignal,
): Promise<RegionsToScan> {
  const doubtful = names.filter((name) => !isKnownRegion(name));
  if (doubtful.length === 0) return { regions: names, entries: [] };
  const problems = await regionProblems(doubtful, entered, options, signal).catch((error: unknown) => {
    // They are tried then, and AWS refuses them.
    if (error instanceof AwsError) return new Map<string, string>();
    throw error;
  });
  return {
    regions: names.filter((name) => !problems.has(name)),
    entries: [...problems].map(([region, detail]) => {
      const gap = { status: 'missing', reason: 'not_supported', detail, resources: 0 } as const;
      return { account: entered.identity.account, region, types: ['*'], ...gap };
    }),
  };
}

async function regionProblems(
  names: readonly string[],
  entered: EnteredAccount,
  options: ScopeOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const known = new Map((await knownRegions(entered, options, signal)).map((region) => [region.name, region]));
  const enabled = [...known.values()].filter(({ isEnabled }) => isEnabled).map(({ name }) => name);
  return new Map(
    names.flatMap((name): [string, string][] => {
      const region = known.get(name);
      if (region === undefined) return [[name, `There is no region "${name}".${didYouMean(name, enabled)}`]];
      return region.isEnabled ? [] : [[name, `The region ${name} is not enabled for this account.`]];
    }),
  );
}

/** Without usable credentials this server can do nothing. */
async function credentialsError(error: AwsError, aws: Aws): Promise<ToolError> {
  const { isRejected, message, remedy } = await accessProblem(error, aws);
  return new ToolError({
    kind: isRejected ? 'upstream_rejected' : 'upstream_unavailable',
    message,
    remedy: `${remedy}, or run doctor to see what is wrong.`,
    cause: error,
  });
}

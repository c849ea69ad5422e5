import { type Aws, createAws, roleFromTemplate } from '@fairway-mcp/aws';
import type { Cache } from '@fairway-mcp/cache';
import type { Finding } from '@fairway-mcp/kit';
import type { Database } from '@fairway-mcp/store';
import { awsEstate } from '../inventory/estate.ts';
import type { ScanQuery, Source, Waiting } from '../inventory/source.ts';
import { createScanner } from '../scanning/scan.ts';
import { checkHealth, examine } from './checks.ts';
import { attributedSpend } from './costs/attributed-spend.ts';
import { createCostBudget } from './costs/budget.ts';
import { createCostExplorer } from './costs/cost-explorer.ts';
import { resourceCosts } from './costs/resource-costs.ts';
import { patiently } from './patience.ts';
import { type Visit, visit } from './readers/reader.ts';
import { createScope, type EnteredAccount } from './scope.ts';
import { GLOBAL, planAccount } from './slices.ts';
import { lookAround } from './surroundings.ts';

/** How to look into a real AWS organization. What is unset is found out from AWS or from the SDK's own chain. */
export interface AwsSettings {
  /** Region for calls that belong to none. */
  region?: string;
  profile?: string;
  /** Where all services are instead of AWS. */
  endpoint?: string;
  /** Accounts to look into, 12 digits each; none means that of the credentials. */
  accounts: readonly string[];
  /** The role to assume in accounts other than that of the credentials: `arn:aws:iam::{account}:role/NAME`. */
  roleArn?: string;
  externalId?: string;
  /** Regions to look into; none means all that are enabled for each account. */
  regions: readonly string[];
  /** How long what was seen is good for, in seconds. */
  scanTtlSeconds: number;
  /** Listings under way at a time. */
  parallel: number;
  /** How long answers of Cost Explorer are good for, in hours. */
  costTtlHours: number;
  /** The most that Cost Explorer may cost in one UTC day, in USD. */
  costBudgetUsd: number;
  /** Attempts at one call to AWS, the first included, and how long each may take, in seconds. */
  attempts?: number;
  requestTimeoutSeconds?: number;
}

export interface AwsSourcePorts {
  cache: Cache;
  store: Database;
  log: {
    debug(message: string, fields?: Record<string, unknown>): void;
    warn(message: string, fields?: Record<string, unknown>): void;
    error(message: string, fields?: Record<string, unknown>): void;
  };
  now(): Date;
}

/** A source that also tells how well it is. */
export interface AwsSource extends Source {
  /** Whether AWS answers with these credentials. Quick and free. */
  health(signal: AbortSignal): Promise<Finding[]>;
  /** Credentials, roles and permissions, one by one, with what to do about each that is missing. Free. */
  doctor(signal: AbortSignal): Promise<Finding[]>;
  /** Ends what still goes on in the background and lets go of the connections. */
  close(): void;
}

const SESSION_NAME = 'fairway-tag-compliance';
/** A scan goes on for so long when its caller has been answered already. */
const BACKGROUND_MS = 10 * 60_000;

/** Makes no call until it is asked something. */
export function createAwsSource(settings: AwsSettings, { cache, store, log, now }: AwsSourcePorts): AwsSource {
  const aws = connect(settings, log);
  const { accounts, regions, roleArn } = settings;
  const scope = createScope({ aws, cache, accounts, regions, hasRole: roleArn !== undefined });
  /** What has no region is listed in one of them, and belongs to all. */
  const configuredRegions = settings.regions.length > 0 ? [...settings.regions, GLOBAL] : [];
  const scanner = createScanner({
    cache,
    ttlMs: settings.scanTtlSeconds * 1000,
    parallel: settings.parallel,
    backgroundMs: BACKGROUND_MS,
    now: () => now().getTime(),
    onFault: (error) => log.error('A part of a scan failed', { error }),
  });
  const costExplorer = createCostExplorer({
    aws,
    cache,
    ttlMs: settings.costTtlHours * 3_600_000,
    budget: createCostBudget(store, { usdPerDay: settings.costBudgetUsd, now }),
  });

  /** Being in a region of an account. `global` is wherever calls go that belong to no region. */
  async function enterRegion(
    { identity, roleAccount }: EnteredAccount,
    region: string | undefined,
    reading: { signal: AbortSignal; page?(resources: number): void },
  ): Promise<Visit> {
    const { account, partition } = identity;
    const place = region === undefined || region === GLOBAL ? await aws.homeRegion() : region;
    return visit({ aws, account, roleAccount, region: place, partition, ...reading });
  }

  function ownAccounts(waiting: Waiting): Promise<readonly string[]> {
    return patiently(waiting, 'Asking AWS whose credentials these are', ({ signal }) => scope.accounts(signal));
  }

  async function scan(query: ScanQuery, waiting: Waiting) {
    const configured = await ownAccounts(waiting);
    const accounts = query.accounts.length > 0 ? query.accounts : configured;
    const wanted = { ...query, regions: query.regions.length > 0 ? query.regions : configuredRegions };
    return scanner.scan(
      [...new Set(accounts)].map((account) => planAccount(account, wanted, scope, enterRegion)),
      wanted,
      waiting,
    );
  }

  return {
    isSample: false,
    async scope(signal) {
      const accounts = await scope.accounts(signal);
      const [first = ''] = accounts;
      const entered = await scope.enter(first, signal);
      const { regions } = 'identity' in entered ? await scope.regions(entered, signal) : { regions: settings.regions };
      return { accounts, regions };
    },
    // What is configured is known without AWS, so that the history can be read when AWS cannot.
    estate: async (waiting) => awsEstate(accounts.length > 0 ? accounts : await ownAccounts(waiting), settings.regions),
    scan,
    surroundings(arn, waiting) {
      const enter = async (account: string, region: string | undefined, signal: AbortSignal) => {
        const entered = await scope.enter(account, signal);
        return 'identity' in entered ? enterRegion(entered, region, { signal }) : entered;
      };
      return lookAround(arn, { scan, enter }, waiting);
    },
    resourceCosts: (resources, waiting) => resourceCosts(costExplorer, resources, waiting, now()),
    attributedSpend: (query, waiting) => attributedSpend(costExplorer, { ...query, configuredAccounts: settings.accounts }, waiting),
    health: (signal) => checkHealth(aws, signal),
    doctor: (signal) => examine(aws, scope, enterRegion, signal),
    close() {
      scanner.close();
      aws.close();
    },
  };
}

function connect(settings: AwsSettings, log: AwsSourcePorts['log']): Aws {
  const { region, profile, endpoint, accounts, roleArn, externalId, attempts, requestTimeoutSeconds } = settings;
  return createAws({
    sessionName: SESSION_NAME,
    log,
    roles: roleArn === undefined ? [] : accounts.map((account) => roleFromTemplate(roleArn, account, externalId)),
    ...(region !== undefined && { region }),
    ...(profile !== undefined && { profile }),
    ...(endpoint !== undefined && { endpoint }),
    ...(attempts !== undefined && { attempts }),
    ...(requestTimeoutSeconds !== undefined && { limits: { requestTimeoutMs: Math.round(requestTimeoutSeconds * 1000) } }),
  });
}

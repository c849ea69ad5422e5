import type { Aws } from '@fairway-mcp/aws';
import { createPageBudget } from '@fairway-mcp/aws-billing';
import type { Cache } from '@fairway-mcp/cache';
import type { Finding } from '@fairway-mcp/kit';
import type { Database } from '@fairway-mcp/store';
import { awsInventoryName } from '../inventory/inventory-name.ts';
import type { CallContext, Source } from '../inventory/source.ts';
import { createScanner, type Scanner } from '../scanning/scanner.ts';
import { accountsBeforeDeadline, createAccountScans } from './account-scans.ts';
import { checkHealth, runDoctor } from './checks.ts';
import { type ConnectionSettings, connectToAws } from './connect.ts';
import { attributedSpend } from './costs/attributed-spend.ts';
import { PAGES } from './costs/budget.ts';
import { type CostExplorer, createCostExplorer } from './costs/cost-explorer.ts';
import { resourceCosts } from './costs/resource-costs.ts';
import { lookUp } from './look-up.ts';
import { createOpenRegion, type OpenRegion } from './region-client.ts';
import { createScope, type Scope } from './scope.ts';
import { findSurroundings } from './surroundings.ts';

export interface AwsSettings extends ConnectionSettings {
  /** Regions to scan; none means all that are enabled for each account. */
  regions: readonly string[];
  /** How long a listing stays in the cache, in seconds. */
  scanTtlSeconds: number;
  /** The most listings in flight at a time. */
  concurrency: number;
  /** How long answers of Cost Explorer stay in the cache, in hours. */
  costTtlHours: number;
  /** The most that Cost Explorer may cost in one UTC day, in USD. */
  costBudgetUsd: number;
}

/** What the source needs of the kit. */
export interface AwsSourceDependencies {
  cache: Cache;
  store: Database;
  log: {
    debug(message: string, fields?: Record<string, unknown>): void;
    warn(message: string, fields?: Record<string, unknown>): void;
    error(message: string, fields?: Record<string, unknown>): void;
  };
  now(): Date;
}

export interface AwsSource extends Source {
  /** Whether AWS accepts the credentials. Quick and free. */
  health(signal: AbortSignal): Promise<Finding[]>;
  /** Checks credentials, roles and permissions one by one, and says what to do about each that is missing. Free. */
  doctor(signal: AbortSignal): Promise<Finding[]>;
  /** Ends scans in the background and closes the connections. */
  close(): void;
}

/** How long a scan may continue after its caller has been answered. */
const BACKGROUND_MS = 10 * 60_000;

/** A source that reads real AWS accounts. It makes no call before it is used. */
export function createAwsSource(settings: AwsSettings, dependencies: AwsSourceDependencies): AwsSource {
  const parts = createParts(settings, dependencies);
  const { aws, scope, openRegion, scanner, costExplorer } = parts;
  const { accounts, regions } = settings;
  const scan = createAccountScans({ scope, openRegion, scanner, regions });
  const lookUpByArn = (arns: readonly string[], call: CallContext) =>
    lookUp(arns, { scope, openRegion, scanner, regions, now: dependencies.now }, call);
  return {
    isSample: false,
    scope: (signal) => accountsAndRegions(scope, regions, signal),
    // What is configured is known without AWS, so that the history can be read when AWS cannot be reached.
    inventoryName: async (call) => awsInventoryName(accounts.length > 0 ? accounts : await accountsBeforeDeadline(scope, call), regions),
    scan,
    lookUp: lookUpByArn,
    surroundings: (query, call) => findSurroundings(query, { scan, lookUp: lookUpByArn, enter: createEnter(parts) }, call),
    resourceCosts: (resources, call) => resourceCosts(costExplorer, resources, call, dependencies.now()),
    async attributedSpend(query, call) {
      // Says what is wrong with the credentials or the address, in the same words as every other tool.
      await accountsBeforeDeadline(scope, call);
      return attributedSpend(costExplorer, { ...query, configuredAccounts: accounts }, call);
    },
    health: (signal) => checkHealth(aws, signal),
    doctor: (signal) => runDoctor({ aws, scope, openRegion, regions }, signal),
    close() {
      scanner.close();
      aws.close();
    },
  };
}

interface Parts {
  aws: Aws;
  scope: Scope;
  openRegion: OpenRegion;
  scanner: Scanner;
  costExplorer: CostExplorer;
}

function createParts(settings: AwsSettings, { cache, store, log, now }: AwsSourceDependencies): Parts {
  const { accounts, regions, roleArn } = settings;
  const aws = connectToAws(settings, log);
  return {
    aws,
    scope: createScope({ aws, cache, accounts, regions, hasRole: roleArn !== undefined }),
    openRegion: createOpenRegion(aws),
    scanner: createScanner({
      cache,
      ttlMs: settings.scanTtlSeconds * 1000,
      concurrency: settings.concurrency,
      backgroundMs: BACKGROUND_MS,
      now: () => now().getTime(),
      onFault: (error) => log.error('A part of a scan failed', { error }),
    }),
    costExplorer: createCostExplorer({
      aws,
      cache,
      ttlMs: settings.costTtlHours * 3_600_000,
      budget: createPageBudget(store, PAGES, now),
      usdPerDay: settings.costBudgetUsd,
    }),
  };
}

async function accountsAndRegions(scope: Scope, configuredRegions: readonly string[], signal: AbortSignal) {
  const accounts = await scope.accounts(signal);
  const [first = ''] = accounts;
  const entered = await scope.enter(first, signal);
  const { regions } = 'identity' in entered ? await scope.regions(entered, signal) : { regions: configuredRegions };
  return { accounts, regions };
}

function createEnter({ scope, openRegion }: Parts) {
  return async (account: string, region: string | undefined, signal: AbortSignal) => {
    const entered = await scope.enter(account, signal);
    return 'identity' in entered ? openRegion(entered, region, { signal }) : entered;
  };
}

import { createPageBudget } from '@fairway-mcp/aws-billing';
import { type AwsEmulator, type AwsEmulatorOptions, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { type Bill, type BillOptions, generateBill } from '@fairway-mcp/aws-sample';
import { createCache, createMemoryCache } from '@fairway-mcp/cache';
import { type Database, openSqlite } from '@fairway-mcp/store';
import type { Asking } from '../bill/question.ts';
import { type ConnectionSettings, connectToAccounts } from './aws/connections.ts';
import { type BudgetSettings, PAGES } from './aws/limits.ts';
import { createAccountBill } from './cost-explorer/account-bill.ts';
import { createCostExplorerSource } from './cost-explorer/source.ts';
import { createAwsPlanning } from './planning/aws-planning.ts';

const nothing = () => undefined;
const silent = { debug: nothing, warn: nothing };

/** What AWS clients of this process read: the emulator's address, and credentials. Set before a client is made. */
export function pointAwsAt(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_REGION: 'eu-central-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  delete process.env.AWS_PROFILE;
}

export interface EmulatedBill {
  bill: Bill;
  aws: AwsEmulator;
  /** How many pages AWS would charge for. */
  charged(): number;
  open(options?: OpenOptions): ReturnType<typeof openSource>;
  stop(): Promise<void>;
}

export interface OpenOptions {
  connections?: Partial<ConnectionSettings>;
  limits?: Partial<BudgetSettings>;
  store?: Database;
  maxCalls?: number;
}

/** An emulator of AWS with a generated bill. */
export async function startEmulatedBill(billOptions: BillOptions = {}, options: AwsEmulatorOptions = {}): Promise<EmulatedBill> {
  const bill = generateBill({ size: 60, ...billOptions });
  const aws = await startAwsEmulator(bill.organization, { bill: bill.charges, now: () => Date.parse(bill.now), ...options });
  pointAwsAt(aws.url);
  return {
    bill,
    aws,
    charged: () => aws.requests.filter(({ service, isDone }) => service === 'ce' && isDone).length,
    open: (opening = {}) => openSource(bill, opening),
    stop: () => aws.stop(),
  };
}

function openSource(bill: Bill, { connections = {}, limits = {}, store = openSqlite({ file: ':memory:' }), maxCalls = 500 }: OpenOptions) {
  const now = () => new Date(bill.now);
  const budget = createPageBudget(store, PAGES, now);
  const client = { attempts: 1, limits: { requestTimeoutMs: 3000 }, rates: { 'cost-explorer': { perSecond: 1000, burst: 1000 } } };
  const opened = connectToAccounts({ profiles: [], accounts: [], client, ...connections }, silent);
  const bills = opened.map((connection) =>
    createAccountBill(connection, {
      cache: createCache(createMemoryCache()),
      budget,
      limits: { usdPerDay: 1000, usdPerDayAndCaller: 1000, ...limits },
      ttlMs: 3_600_000,
      maxCalls,
      now,
    }),
  );
  const close = () => {
    for (const { aws } of opened) aws.close();
  };
  const source = createCostExplorerSource({ bills, now });
  const planning = createAwsPlanning({ bills, source, budget, limits: { usdPerDay: 1000, usdPerDayAndCaller: 1000, ...limits }, now });
  return { source, planning, budget, bills, close };
}

export function askingAs(id = 'ann', signal: AbortSignal = new AbortController().signal): Asking {
  return { signal, principal: { id } };
}

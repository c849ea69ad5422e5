import { createPageBudget, type PageBudget } from '@fairway-mcp/aws-billing';
import type { Finding, Kit } from '@fairway-mcp/kit';
import type { BillSource } from '../bill/question.ts';
import type { CostExplorerSettings } from '../cost-explorer-settings.ts';
import { checkConnections } from './aws/checks.ts';
import { type Connection, connectToAccounts } from './aws/connections.ts';
import { type BudgetSettings, PAGES } from './aws/limits.ts';
import { createAccountBill } from './cost-explorer/account-bill.ts';
import { createCostExplorerSource } from './cost-explorer/source.ts';

/** Cost Explorer with the configured credentials. */
export interface OpenCostExplorer {
  source: BillSource;
  connections: readonly Connection[];
  budget: PageBudget;
  limits: BudgetSettings;
  check(signal: AbortSignal): Promise<Finding[]>;
  close(): Promise<void>;
}

/** Makes no call yet. */
export function openCostExplorer(
  settings: CostExplorerSettings,
  { cache, store, log, now }: Pick<Kit, 'cache' | 'store' | 'log' | 'now'>,
): OpenCostExplorer {
  const { awsRegion, awsProfile, awsProfiles, accounts, roleArn, externalId } = settings;
  const connections = connectToAccounts(
    {
      profiles: awsProfiles.length === 0 && awsProfile !== undefined ? [awsProfile] : awsProfiles,
      accounts,
      ...(awsRegion !== undefined && { region: awsRegion }),
      ...(roleArn !== undefined && { roleArn }),
      ...(externalId !== undefined && { externalId }),
    },
    log,
  );
  const budget = createPageBudget(store, PAGES, now);
  const limits = { usdPerDay: settings.costBudget, usdPerDayAndCaller: settings.callerCostBudget };
  const common = { cache, budget, limits, ttlMs: settings.costHours * 3_600_000, maxCalls: settings.maxCombinedCalls, now };
  return {
    source: createCostExplorerSource({ bills: connections.map((connection) => createAccountBill(connection, common)), now }),
    connections,
    budget,
    limits,
    check: (signal) => checkConnections(connections, signal),
    async close() {
      for (const { aws } of connections) aws.close();
    },
  };
}

import { createPageBudget } from '@fairway-mcp/aws-billing';
import type { Finding, Kit } from '@fairway-mcp/kit';
import type { BillSource } from '../bill/question.ts';
import type { CostExplorerSettings } from '../cost-explorer-settings.ts';
import type { Planning } from '../planning/planning.ts';
import { checkConnections } from './aws/checks.ts';
import { connectToAccounts } from './aws/connections.ts';
import { PAGES } from './aws/limits.ts';
import { createAccountBill } from './cost-explorer/account-bill.ts';
import { createCostExplorerSource } from './cost-explorer/source.ts';
import { createAwsPlanning } from './planning/aws-planning.ts';

/** Cost Explorer with the configured credentials. */
export interface OpenCostExplorer {
  source: BillSource;
  planning: Planning;
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
  const bills = connections.map((connection) => createAccountBill(connection, common));
  const source = createCostExplorerSource({ bills, now });
  return {
    source,
    planning: { title: source.title, isSample: false, ...createAwsPlanning({ bills, source, budget, limits, now }) },
    check: (signal) => checkConnections(connections, signal),
    async close() {
      for (const { aws } of connections) aws.close();
    },
  };
}

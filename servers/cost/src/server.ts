import { permissionsSection } from '@fairway-mcp/aws/permissions';
import { defineServer } from '@fairway-mcp/kit';
import manifest from '../package.json' with { type: 'json' };
import { config } from './config.ts';
import { permissions } from './permissions.ts';
import { createServices } from './services.ts';
import { compareCosts } from './tools/compare-costs.ts';
import { explainCostChange } from './tools/explain-cost-change.ts';
import { getCostAndUsage } from './tools/get-cost-and-usage.ts';
import { getCostByTag } from './tools/get-cost-by-tag.ts';
import { getCostForecast } from './tools/get-cost-forecast.ts';
import { getSavingsCoverage } from './tools/get-savings-coverage.ts';
import { getSpendPrice } from './tools/get-spend-price.ts';
import { listBudgets } from './tools/list-budgets.ts';
import { listCostAnomalies } from './tools/list-cost-anomalies.ts';
import { listDimensionValues } from './tools/list-dimension-values.ts';
import { listRightsizing } from './tools/list-rightsizing.ts';

export default defineServer({
  name: 'cost',
  title: 'Cost',
  description: manifest.description,
  version: manifest.version,
  instructions:
    'Amounts are exact decimals with a currency. Periods end exclusively: say so. Repeat about.caveats to the user. Costs of the current day are incomplete. sample: true means made-up data.',
  config,
  services: createServices,
  tools: [
    getCostAndUsage,
    compareCosts,
    explainCostChange,
    getCostByTag,
    listDimensionValues,
    getCostForecast,
    listCostAnomalies,
    getSavingsCoverage,
    listRightsizing,
    listBudgets,
    getSpendPrice,
  ],
  readmeSections: { permissions: permissionsSection(permissions) },
  health: (services, signal) => services.check(signal),
  doctor: (services, signal) => services.check(signal),
  close: (services) => services.close(),
});

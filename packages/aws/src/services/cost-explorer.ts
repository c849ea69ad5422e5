import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import type { ClientSettings } from '../settings.ts';

export {
  GetCostAndUsageCommand,
  GetCostAndUsageWithResourcesCommand,
  GetCostCategoriesCommand,
  GetDimensionValuesCommand,
  GetTagsCommand,
  ListCostAllocationTagsCommand,
} from '@aws-sdk/client-cost-explorer';

export const connect = (settings: ClientSettings): CostExplorerClient => new CostExplorerClient(settings);

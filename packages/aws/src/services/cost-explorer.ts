import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import type { ClientSettings } from '../settings.ts';

export {
  GetAnomaliesCommand,
  GetCostAndUsageCommand,
  GetCostAndUsageWithResourcesCommand,
  GetCostCategoriesCommand,
  GetCostForecastCommand,
  GetDimensionValuesCommand,
  GetReservationCoverageCommand,
  GetReservationUtilizationCommand,
  GetRightsizingRecommendationCommand,
  GetSavingsPlansCoverageCommand,
  GetSavingsPlansUtilizationCommand,
  GetTagsCommand,
  ListCostAllocationTagsCommand,
} from '@aws-sdk/client-cost-explorer';

export const connect = (settings: ClientSettings): CostExplorerClient => new CostExplorerClient(settings);

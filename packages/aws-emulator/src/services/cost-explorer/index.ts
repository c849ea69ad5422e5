import { JSON_ERRORS } from '../../common-errors.ts';
import type { JsonService } from '../../service.ts';
import { listCostAllocationTags } from './allocation-tags.ts';
import { getAnomalies } from './anomalies.ts';
import { getReservationCoverage, getReservationUtilization, getSavingsPlansCoverage, getSavingsPlansUtilization } from './commitments.ts';
import { getCostForecast } from './forecast.ts';
import { getRightsizingRecommendation } from './rightsizing.ts';
import { getCostAndUsage, getCostAndUsageWithResources } from './usage.ts';
import { getCostCategories, getDimensionValues, getTags } from './values.ts';

/** Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_Explorer_Service.html */
export const costExplorer: JsonService = {
  name: 'ce',
  protocol: 'json-1.1',
  target: 'AWSInsightsIndexService',
  errors: {
    ...JSON_ERRORS,
    throttled: { code: 'LimitExceededException', status: 400, message: 'Rate exceeded' },
    badToken: {
      code: 'InvalidNextTokenException',
      status: 400,
      message: 'The pagination token is invalid. Try again without a pagination token.',
    },
  },
  operations: {
    GetAnomalies: getAnomalies,
    GetCostForecast: getCostForecast,
    GetReservationCoverage: getReservationCoverage,
    GetReservationUtilization: getReservationUtilization,
    GetRightsizingRecommendation: getRightsizingRecommendation,
    GetSavingsPlansCoverage: getSavingsPlansCoverage,
    GetSavingsPlansUtilization: getSavingsPlansUtilization,
    GetCostAndUsage: getCostAndUsage,
    GetCostCategories: getCostCategories,
    GetCostAndUsageWithResources: getCostAndUsageWithResources,
    GetDimensionValues: getDimensionValues,
    GetTags: getTags,
    ListCostAllocationTags: listCostAllocationTags,
  },
};

import type { ToolPermissions } from '@fairway-mcp/aws/permissions';

/** The IAM actions of parts of this server. All of them only read. */
export const PERMISSIONS = {
  values: ['ce:GetDimensionValues', 'ce:GetTags', 'ce:GetCostCategories'],
  bill: ['ce:GetCostAndUsage', 'ce:GetCostAndUsageWithResources', 'ce:GetDimensionValues', 'ce:GetTags', 'ce:GetCostCategories'],
  forecast: ['ce:GetCostForecast'],
  anomalies: ['ce:GetAnomalies'],
  coverage: ['ce:GetSavingsPlansCoverage', 'ce:GetSavingsPlansUtilization', 'ce:GetReservationCoverage', 'ce:GetReservationUtilization'],
  rightsizing: ['ce:GetRightsizingRecommendation'],
  budgets: ['budgets:ViewBudget'],
} as const satisfies Record<string, readonly string[]>;

/** What each tool needs of Cost Explorer. The minimal IAM policies in the README are generated from them. */
export const permissions: ToolPermissions = {
  get_cost_and_usage: PERMISSIONS.bill,
  compare_costs: PERMISSIONS.bill,
  explain_cost_change: PERMISSIONS.bill,
  get_cost_by_tag: PERMISSIONS.bill,
  list_dimension_values: PERMISSIONS.values,
  get_cost_forecast: [...PERMISSIONS.forecast, ...PERMISSIONS.bill],
  list_cost_anomalies: PERMISSIONS.anomalies,
  list_rightsizing: PERMISSIONS.rightsizing,
  list_budgets: [...PERMISSIONS.budgets, ...PERMISSIONS.forecast, ...PERMISSIONS.bill],
  get_savings_coverage: PERMISSIONS.coverage,
};

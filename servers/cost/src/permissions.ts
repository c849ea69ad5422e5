/** The IAM actions that parts of this server need. All of them only read. */
export const PERMISSIONS = {
  /** The bill itself. */
  bill: ['ce:GetCostAndUsage', 'ce:GetCostAndUsageWithResources', 'ce:GetDimensionValues', 'ce:GetTags', 'ce:GetCostCategories'],
  values: ['ce:GetDimensionValues', 'ce:GetTags', 'ce:GetCostCategories'],
} as const satisfies Record<string, readonly string[]>;

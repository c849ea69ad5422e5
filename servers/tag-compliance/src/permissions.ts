import type { ToolPermissions } from '@fairway-mcp/aws/permissions';
import { PERMISSION_GROUPS } from './upstream/permissions.ts';

const { attributedSpend, resourceCosts, scan, scope, surroundings } = PERMISSION_GROUPS;

/** The IAM permissions of each tool. The minimal IAM policies in the README are generated from them. */
export const permissions: ToolPermissions = {
  check_tag_compliance: actions(scope, scan, resourceCosts),
  find_untagged_resources: actions(scope, scan, resourceCosts),
  validate_resource_tags: actions(scope, scan),
  get_cost_attribution_gap: actions(attributedSpend),
  suggest_tags: actions(scope, scan, surroundings),
  generate_compliance_report: actions(scope, scan, resourceCosts),
};

function actions(...groups: readonly { actions: readonly string[] }[]): string[] {
  return groups.flatMap((group) => group.actions);
}

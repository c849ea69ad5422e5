import { PRINCIPAL_ACTIONS } from './principals.ts';
import { READERS } from './readers/index.ts';
import { GET_RESOURCES } from './tagging.ts';

/** The IAM permissions of a part of this server. The policies in the README are generated from them. */
export interface PermissionGroup {
  name: string;
  /** What works only with these actions. */
  purpose: string;
  /** IAM actions. All of them only read. */
  actions: readonly string[];
}

/** Each type with the IAM actions that its listing needs. */
export const LISTING_ACTIONS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  READERS.map(({ type, actions }) => [type, actions]),
);

/** Every tool that scans resources needs `scan`; `scope` always comes with it. */
export const PERMISSION_GROUPS = {
  scope: {
    name: 'scope',
    purpose:
      'Finding out which regions are enabled, and entering other accounts. Not needed when the regions are set and there is one account.',
    actions: ['ec2:DescribeRegions', 'sts:AssumeRole'],
  },
  scan: {
    name: 'scan',
    purpose: 'Listing all resources and their tags.',
    actions: unique([GET_RESOURCES, ...READERS.flatMap(({ actions }) => actions)]),
  },
  scanWithoutTaggingApi: {
    name: 'scan without the Tagging API',
    purpose: `Reading the tags of services that do not list them when ${GET_RESOURCES} is denied. Slower.`,
    actions: unique(READERS.flatMap(({ fallbackActions = [] }) => fallbackActions)),
  },
  surroundings: {
    name: 'surroundings',
    purpose: 'Suggesting tags from the role that a resource runs as and from its creator.',
    actions: unique(PRINCIPAL_ACTIONS),
  },
  resourceCosts: {
    name: 'resource costs',
    purpose: 'Costs of single resources. Each page costs $0.01.',
    actions: ['ce:GetCostAndUsageWithResources'],
  },
  attributedSpend: {
    name: 'attributed spend',
    purpose: 'The cost attribution gap. Each page costs $0.01.',
    actions: ['ce:GetCostAndUsage', 'ce:ListCostAllocationTags', 'ce:GetTags'],
  },
} as const satisfies Record<string, PermissionGroup>;

function unique(actions: readonly string[]): string[] {
  return [...new Set(actions)].sort();
}

import type { Resource } from '../inventory/resource.ts';

/** Why what AWS made is exempt, for users. */
export const AWS_DEFAULT_REASON = 'Made by AWS by default';

/**
 * What AWS makes in every account or with the first use of a service, recognizable by its name alone: the resource part of its ARN, by
 * type. What only a listing can tell (`IsDefault` of a VPC) is `isAwsDefault` of the resource.
 */
const DEFAULT_NAMES: Readonly<Record<string, RegExp>> = {
  'athena:datacatalog': /^datacatalog\/AwsDataCatalog$/,
  'athena:workgroup': /^workgroup\/primary$/,
  'backup:backup-vault': /^backup-vault:(?:Default|aws\/efs\/automatic-backup-vault)$/,
  'codedeploy:deploymentconfig': /^deploymentconfig:CodeDeployDefault\./,
  'elasticache:parametergroup': /^parametergroup:default\./,
  'elasticache:subnetgroup': /^subnetgroup:default$/,
  'elasticache:user': /^user:default$/,
  'events:event-bus': /^event-bus\/default$/,
  // Service-linked roles: their service makes and deletes them.
  'iam:role': /^role\/aws-service-role\//,
  'kms:alias': /^alias\/aws\//,
  'memorydb:acl': /^acl\/open-access$/,
  'memorydb:parametergroup': /^parametergroup\/default\./,
  'memorydb:user': /^user\/default$/,
  // Also Neptune and DocumentDB, whose ARNs are those of RDS.
  'rds:cluster-pg': /^cluster-pg:default\./,
  'rds:og': /^og:default:/,
  'rds:pg': /^pg:default\./,
  'rds:secgrp': /^secgrp:default$/,
  'rds:subgrp': /^subgrp:default$/,
  'redshift:parametergroup': /^parametergroup:default\./,
  'scheduler:schedule-group': /^schedule-group\/default$/,
  'xray:group': /^group\/Default(?:\/|$)/,
  'xray:sampling-rule': /^sampling-rule\/Default$/,
};

/** Keys, policies, documents and the like that belong to AWS: their ARN names `aws`, or no account, in place of one. */
const OWNED_BY_AWS = /^arn:[^:]*:(?:iam::aws|ssm:[^:]*:(?:aws)?):/;

/** Whether AWS made a resource without being asked for it. */
export function isAwsDefault({ arn, type, isAwsDefault: isListedAsDefault }: Resource): boolean {
  if (isListedAsDefault === true) return true;
  const names = DEFAULT_NAMES[type];
  if (names !== undefined) return names.test(arn.split(':').slice(5).join(':'));
  return OWNED_BY_AWS.test(arn);
}

import { ENVIRONMENTS, TEAMS } from './company.ts';
import type { ResourceType } from './resource-types.ts';

/** A rule of a tag policy. Null: anything goes. Empty `applies_to`: all types. */
export interface SampleTagRule {
  name: string;
  description: string;
  allowed_values: readonly string[] | null;
  validation_regex: string | null;
  applies_to: readonly string[];
}

export interface SampleTagPolicy {
  version: string;
  last_updated: string;
  required_tags: readonly SampleTagRule[];
  optional_tags: readonly Omit<SampleTagRule, 'validation_regex' | 'applies_to'>[];
  tag_naming_rules: {
    case_sensitivity: boolean;
    allow_special_characters: boolean;
    max_key_length: number;
    max_value_length: number;
  };
  exempt_aws_defaults: boolean;
  exemptions: readonly { reason: string; applies_to: readonly string[]; grace_days: number }[];
}

/** What holds data, and so must say how sensitive it is. */
export const DATA_TYPES: readonly ResourceType[] = [
  's3:bucket',
  'rds:db',
  'rds:cluster',
  'dynamodb:table',
  'elasticfilesystem:file-system',
  'ec2:volume',
  'ec2:snapshot',
];

const CLASSIFICATIONS = ['public', 'internal', 'confidential', 'restricted'] as const;

/** The tag policy of the sample company. The true tags of every generated organization obey it. */
export const sampleTagPolicy: SampleTagPolicy = {
  version: '1.2',
  last_updated: '2026-09-01T00:00:00Z',
  required_tags: [
    {
      name: 'CostCenter',
      description: 'Who pays: the number that finance books the cost on.',
      allowed_values: null,
      validation_regex: '^CC-[0-9]{4}$',
      applies_to: [],
    },
    {
      name: 'Environment',
      description: 'The stage of the life cycle.',
      allowed_values: ENVIRONMENTS,
      validation_regex: null,
      applies_to: [],
    },
    {
      name: 'Owner',
      description: 'The mail address of the team that answers for it.',
      allowed_values: null,
      validation_regex: '^[a-z][a-z-]*@northlake\\.example$',
      applies_to: [],
    },
    {
      name: 'Application',
      description: 'The application that it is part of, as the service catalog names it.',
      allowed_values: TEAMS.flatMap(({ services }) => services.map(([name]) => name)).toSorted(),
      validation_regex: null,
      applies_to: [],
    },
    {
      name: 'DataClassification',
      description: 'How sensitive the data is that it holds.',
      allowed_values: CLASSIFICATIONS,
      validation_regex: null,
      applies_to: DATA_TYPES,
    },
  ],
  optional_tags: [
    { name: 'ManagedBy', description: 'What creates and changes it.', allowed_values: ['terraform', 'cloudformation', 'cdk', 'console'] },
    { name: 'Project', description: 'The project that asked for it.', allowed_values: null },
  ],
  tag_naming_rules: { case_sensitivity: true, allow_special_characters: false, max_key_length: 128, max_value_length: 256 },
  exempt_aws_defaults: true,
  exemptions: [
    {
      reason: 'New instances and their disks have two days to get their tags',
      applies_to: ['ec2:instance', 'ec2:volume', 'ec2:snapshot'],
      grace_days: 2,
    },
  ],
};

/**
 * The same policy as an AWS Organizations tag policy, in effective form (without inheritance operators).
 * AWS has no patterns beyond one `*` per value, so `CostCenter` and `Owner` are wider here.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_example-tag-policies.html
 */
export const sampleOrganizationsTagPolicy = {
  tags: {
    costcenter: { tag_key: 'CostCenter', tag_value: ['CC-*'], report_required_tag_for: ['ec2:instance', 'rds:db', 's3:bucket'] },
    environment: { tag_key: 'Environment', tag_value: [...ENVIRONMENTS], enforced_for: ['ec2:instance', 'ec2:volume'] },
    owner: { tag_key: 'Owner', tag_value: ['*@northlake.example'] },
    application: { tag_key: 'Application' },
    dataclassification: {
      tag_key: 'DataClassification',
      tag_value: [...CLASSIFICATIONS],
      report_required_tag_for: ['s3:bucket', 'rds:db'],
    },
  },
};

import { accountId, region } from '@fairway-mcp/aws/arn';
import * as z from 'zod';

/** Everything that can be set, besides what every Fairway server has. */
export const config = z.object({
  sample: z.boolean().default(false).meta({ description: 'Answer from a made-up organization instead of AWS. Every answer says so.' }),
  sampleSize: z.int().min(50).max(200_000).default(2000).meta({ description: 'Resources of the made-up organization.' }),
  sampleSeed: z.int().min(0).default(1).meta({ description: 'Which made-up organization: the same seed gives the same one.' }),
  policy: z.string().optional().meta({
    description: 'File of the tagging policy: JSON or YAML, or an AWS Organizations tag policy. Not needed with --sample.',
    placeholder: 'FILE',
    path: 'file',
  }),
  awsRegion: region()
    .optional()
    .meta({ description: 'Region of calls that belong to no region.', env: 'AWS_REGION', placeholder: 'REGION' }),
  awsProfile: z
    .string()
    .optional()
    .meta({ description: 'Profile of the AWS configuration files.', env: 'AWS_PROFILE', placeholder: 'NAME' }),
  regions: z
    .array(region())
    .default([])
    .meta({ description: 'Regions to scan. Default: all that are enabled for the account.', placeholder: 'eu-central-1,us-east-1' }),
  accounts: z
    .array(accountId())
    .default([])
    .meta({ description: 'Accounts to scan. Default: the account of the credentials.', placeholder: '111111111111,222222222222' }),
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::(\{account\}|\d{12}):role\/.+$/, { error: 'must read arn:aws:iam::{account}:role/NAME' })
    .optional()
    .meta({ description: 'Role to assume in the other accounts.', placeholder: 'arn:aws:iam::{account}:role/NAME' }),
  externalId: z.string().min(2).optional().meta({ description: 'External id that the role requires.', secret: true }),
  scanMinutes: z.number().min(1).max(1440).default(10).meta({ description: 'How long listings stay in the cache.' }),
  parallelListings: z.int().min(1).max(64).default(12).meta({ description: 'Most listings of AWS in flight at a time.' }),
  costHours: z.number().positive().max(168).default(12).meta({ description: 'How long answers of Cost Explorer stay in the cache.' }),
  costBudget: z.number().min(0).max(1000).default(1).meta({
    description: 'The most that Cost Explorer may cost a day, in USD. A page costs 0.01. It is queried only by calls that request costs.',
  }),
});

export type Config = z.output<typeof config>;

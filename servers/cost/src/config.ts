import { region } from '@fairway-mcp/aws/arn';
import * as z from 'zod';
import { costExplorerSettings } from './cost-explorer-settings.ts';

/** Everything that can be set, besides what every Fairway server has. */
export const config = z.object({
  sample: z.boolean().default(false).meta({ description: 'Answer from a made-up bill instead of a real one. Every answer says so.' }),
  sampleSize: z.int().min(30).max(5000).default(400).meta({ description: 'Resources of the made-up organization.' }),
  sampleSeed: z.int().min(0).default(1).meta({ description: 'Which made-up organization: the same seed gives the same bill.' }),
  awsRegion: region().optional().meta({ description: 'Region of the buckets and of Athena.', env: 'AWS_REGION', placeholder: 'REGION' }),
  awsProfile: z
    .string()
    .optional()
    .meta({ description: 'Profile of the AWS configuration files.', env: 'AWS_PROFILE', placeholder: 'NAME' }),
  focus: z.array(z.string().min(1)).default([]).meta({
    description:
      'FOCUS exports to read: folders and s3://bucket/prefix, one for each export. Needs the package @duckdb/node-api beside this one.',
    placeholder: 's3://bills/focus',
  }),
  focusCacheDir: z.string().optional().meta({
    description: 'Where files of exports in S3 are kept, several processes may share it. Default: a folder of the user cache.',
    placeholder: 'PATH',
    path: 'directory',
  }),
  focusMemoryMb: z.int().min(128).max(1_000_000).default(1_024).meta({
    description:
      'Memory of the engine that reads exports. Beyond it the engine uses up to eight times as much of the disk; the process itself takes some 200 MB more.',
  }),
  focusRefreshMinutes: z.number().min(0).max(1_440).default(10).meta({ description: 'For how long an export is not looked at again.' }),
  athenaTable: z
    .string()
    .regex(/^(?:\w+\.)?\w+\.\w+$/, { error: 'must read database.table' })
    .optional()
    .meta({ description: 'Glue table over a FOCUS export, to read with Athena: database.table.', placeholder: 'bills.focus' }),
  athenaWorkgroup: z.string().min(1).default('primary').meta({ description: 'Workgroup of Athena. Its own cutoff holds too.' }),
  athenaOutput: z.string().startsWith('s3://').optional().meta({
    description: 'Where Athena writes results. Default: what the workgroup says.',
    placeholder: 's3://results/fairway/',
  }),
  athenaPartition: z
    .string()
    .regex(/^\w+$/)
    .default('billing_period')
    .meta({ description: 'Partition of the table that holds the billing period (2026-01).' }),
  athenaCutoffMb: z.int().min(10).default(100_000).meta({ description: 'A query of Athena that has read this much is stopped.' }),
  athenaUsdPerTb: z
    .number()
    .min(0)
    .max(1_000)
    .default(5)
    .meta({ description: 'What Athena charges for a terabyte in your region, in USD.' }),
  ...costExplorerSettings,
});

export type Config = z.output<typeof config>;

import { accountId } from '@fairway-mcp/aws/arn';
import * as z from 'zod';

/** How Cost Explorer is reached, and what it may cost. Part of the settings. */
export const costExplorerSettings = {
  costExplorer: z
    .boolean()
    .default(false)
    .meta({ description: 'Read the bill from Cost Explorer, which charges 0.01 USD a page, within the budgets below.' }),
  awsProfiles: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Profiles whose bills are added up, in place of --aws-profile.', placeholder: 'a,b' }),
  accounts: z.array(accountId()).default([]).meta({
    description: 'Accounts that are entered by the role, and whose bills are added up.',
    placeholder: '111111111111,222222222222',
  }),
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::(\{account\}|\d{12}):role\/.+$/, { error: 'must read arn:aws:iam::{account}:role/NAME' })
    .optional()
    .meta({ description: 'Role to assume in these accounts.', placeholder: 'arn:aws:iam::{account}:role/NAME' }),
  externalId: z.string().min(2).optional().meta({ description: 'External id that the role requires.', secret: true }),
  costHours: z.number().positive().max(168).default(6).meta({ description: 'How long answers of Cost Explorer stay in the cache.' }),
  costBudget: z.number().min(0).max(10_000).default(5).meta({
    description: 'The most that Cost Explorer may cost a day, in USD, for all callers together. A page costs 0.01.',
  }),
  callerCostBudget: z.number().min(0).max(10_000).default(2).meta({
    description: 'The most that Cost Explorer may cost a day, in USD, for one caller.',
  }),
  maxCombinedCalls: z.int().min(1).max(1000).default(30).meta({
    description: 'The most calls to Cost Explorer that one question with many groupings may be combined from.',
  }),
};

export type CostExplorerSettings = z.output<z.ZodObject<typeof costExplorerSettings>> & {
  awsRegion?: string | undefined;
  awsProfile?: string | undefined;
};

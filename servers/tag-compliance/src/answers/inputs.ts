import { accountId, region } from '@fairway-mcp/aws/arn';
import { readable } from '@fairway-mcp/validation';
import * as z from 'zod';
import type { ScanQuery } from '../inventory/source.ts';

/** Input: resource types in the notation of AWS tag policies. */
export function resourceTypes() {
  return z
    .array(
      readable(
        z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9/-]+$/, { error: 'is not a resource type; expected SERVICE:TYPE such as ec2:instance' }),
      ),
    )
    .max(50)
    .default([])
    .describe('Types such as ec2:instance, s3:bucket; empty: all');
}

export function regions() {
  return z.array(region()).max(50).default([]).describe('Region codes; empty: all');
}

export function accounts() {
  return z.array(accountId()).max(100).default([]).describe('Account ids; empty: all');
}

/** Input: filters by region and account. */
export function filters() {
  return z
    .strictObject({ region: regions(), account_id: accounts() })
    .default({ region: [], account_id: [] })
    .describe('Limit the answer to some regions or accounts');
}

export function scanQuery(
  types: readonly string[],
  { region: inRegions, account_id }: { region: readonly string[]; account_id: readonly string[] },
  refresh = false,
): ScanQuery {
  return { types, regions: inRegions, accounts: account_id, refresh };
}

/** Input: whether to read AWS again. Name it in `firstPageOnly` of a tool with a list. */
export function forceRefresh() {
  return z.boolean().default(false).describe('Read AWS again instead of using a recent scan');
}

export function includeCosts() {
  return z.boolean().default(false).describe('Query Cost Explorer too; each page costs $0.01');
}

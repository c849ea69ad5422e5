import { accountId, regionOrGlobal } from '@fairway-mcp/aws/arn';
import { readable } from '@fairway-mcp/validation';
import * as z from 'zod';
import type { ScanQuery } from '../inventory/source.ts';
import { meaningOfType } from '../inventory/type-names.ts';

const TYPE = /^(?:\*|[A-Za-z0-9-]{1,63}:(?:\*|[A-Za-z0-9_/-]{1,100})|AWS::[A-Za-z0-9]{1,63}::[A-Za-z0-9]{1,100})$/i;

/** Input: resource types in the notation of AWS tag policies, or by another name. Pass them through {@link scanQuery}. */
export function resourceTypes() {
  const type = z
    .string()
    .regex(TYPE, { error: 'is not a resource type; expected SERVICE:TYPE such as ec2:instance, or SERVICE:*', abort: true })
    .refine((name) => 'type' in meaningOfType(name), { error: ({ input }) => problemOfType(String(input)) });
  return z.array(readable(type)).max(50).default([]).describe('Types such as ec2:instance, s3:bucket, rds:*; empty: all');
}

function problemOfType(name: string): string {
  const meaning = meaningOfType(name);
  return 'problem' in meaning ? meaning.problem : '';
}

/** By the names that AWS uses, each once; none when all types are wanted. */
function canonicalTypes(names: readonly string[]): string[] {
  const types = names.map(meaningOfType).flatMap((meaning) => ('type' in meaning ? [meaning.type] : []));
  return types.includes('*') ? [] : [...new Set(types)];
}

export function regions() {
  return z.array(regionOrGlobal()).max(50).default([]).describe('Region codes, or global; empty: all');
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
  return { types: canonicalTypes(types), regions: inRegions, accounts: account_id, refresh };
}

/** Input: whether to read AWS again. Name it in `firstPageOnly` of a tool with a list. */
export function forceRefresh() {
  return z.boolean().default(false).describe('Read AWS again instead of using a recent scan');
}

export function includeCosts() {
  return z.boolean().default(false).describe('Query Cost Explorer too; each page costs $0.01');
}

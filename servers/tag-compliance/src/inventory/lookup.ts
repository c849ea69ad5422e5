import { type Coverage, type CoverageEntry, type GapReason, NEVER_TAGGED_UNSEEN } from './coverage.ts';
import type { Resource } from './resource.ts';

/** Why a resource that was looked up by its ARN is not there, or is not known to be there. */
export const ABSENCE_REASONS = [
  /** Everything that could contain it was read, and it is not in there. */
  'absent',
  'account_not_configured',
  /** Its region is not enabled for the account, or does not exist. */
  'region_not_looked_at',
  /** The type has no listing of its own here: it was never tagged, or does not exist. */
  'type_not_supported',
  'no_access_to_account',
  'access_denied',
  'throttled',
  'unavailable',
  'not_reached',
] as const;
export type AbsenceReason = (typeof ABSENCE_REASONS)[number];

/** What came of looking up one ARN. */
export type Found = { resource: Resource } | { resource: undefined; reason: AbsenceReason; detail: string };

/** Resources by their ARNs, each looked up on its own: what comes of one does not depend on the others. */
export interface Lookup {
  /** Every requested ARN. */
  byArn: ReadonlyMap<string, Found>;
  coverage: Coverage;
  /** ISO instant from which on the tags were read. */
  asOf: string;
}

export function absent(reason: AbsenceReason, detail: string): Found {
  return { resource: undefined, reason, detail };
}

/** A resource that could not be looked for. What is not supported is then the region, not the type. */
export function absentBy({ reason, detail }: { reason: GapReason; detail: string }): Found {
  return absent(reason === 'not_supported' ? 'region_not_looked_at' : reason, detail);
}

/** @param place the account and the region of the ARN; a resource that was found knows its own */
export function coverageOfFound(found: Found, type: string, { account, region }: { account: string; region: string }): CoverageEntry {
  const place = { account: found.resource?.account ?? account, region: (found.resource?.region ?? region) || 'global', types: [type] };
  if (found.resource !== undefined) return { ...place, status: 'complete', resources: 1 };
  const { reason, detail } = found;
  if (reason === 'absent') return { ...place, status: 'complete', resources: 0 };
  if (reason === 'type_not_supported') return { ...place, status: 'missing', resources: 0, ...NEVER_TAGGED_UNSEEN };
  const gap = { status: 'missing', reason: toGapReason(reason), detail, resources: 0 } as const;
  // An account that cannot be looked into is one gap, whatever was wanted of it.
  return gap.reason === 'no_access_to_account' ? { account, region: '*', types: ['*'], ...gap } : { ...place, ...gap };
}

function toGapReason(reason: Exclude<AbsenceReason, 'absent' | 'type_not_supported'>): GapReason {
  if (reason === 'account_not_configured') return 'no_access_to_account';
  return reason === 'region_not_looked_at' ? 'not_supported' : reason;
}

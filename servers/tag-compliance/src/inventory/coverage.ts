import { isServicePattern } from './type-names.ts';

/** Why something was not seen, or not wholly. */
export const GAP_REASONS = [
  /** The credentials lack the permission named in `detail`. */
  'access_denied',
  'throttled',
  /** The service is not offered in this region, or the type has no listing of its own. */
  'not_supported',
  /** There was no time left; another call continues where this scan ended. */
  'not_reached',
  /** The service did not answer, or its answer is invalid. */
  'unavailable',
  /** The account's role could not be assumed. */
  'no_access_to_account',
] as const;

export type GapReason = (typeof GAP_REASONS)[number];

/** One listing or group of listings of an inventory: an account, a region, and the types that it holds. */
export interface CoverageEntry {
  account: string;
  /** Region code; `global` for what is listed once for all regions; `*` when the account could not be scanned at all. */
  region: string;
  /** The types; `*` for the Tagging API, which lists all types but no resource that never had a tag. */
  types: readonly string[];
  status: 'complete' | 'partial' | 'missing';
  reason?: GapReason;
  /** In our own words, never the upstream's: the permission that is missing, or what to do to get the rest. */
  detail?: string;
  /** Resources that were listed, before any filter. */
  resources: number;
}

/** Why the Tagging API's listing of one type is incomplete. */
export const NEVER_TAGGED_UNSEEN = {
  reason: 'not_supported',
  detail: 'These have no listing that includes the never-tagged: only what has or had tags was seen.',
} as const satisfies Pick<CoverageEntry, 'reason' | 'detail'>;

/** Whether an entry or a slice is of the Tagging API's listing of all types, or of all types of a service. */
export function listsByTags({ types }: { types: readonly string[] }): boolean {
  return types.some((type) => type === '*' || isServicePattern(type));
}

/** What a scan could read, and what not. */
export interface Coverage {
  entries: readonly CoverageEntry[];
  /** Everything that was requested could be read completely. */
  isComplete: boolean;
}

/**
 * Merges many entries into few: those that differ only in their types become one, with all types and the sum of resources. Gaps
 * come first.
 */
export function toCoverage(parts: Iterable<CoverageEntry>): Coverage {
  const merged = new Map<string, CoverageEntry>();
  for (const part of parts) {
    const { account, region, status, reason, detail } = part;
    // Entries of the Tagging API stay apart from those of the services' own listings, which are complete in another sense.
    const key = JSON.stringify([account, region, status, reason, detail, listsByTags(part)]);
    const present = merged.get(key);
    merged.set(
      key,
      present === undefined
        ? part
        : { ...present, types: [...new Set([...present.types, ...part.types])], resources: present.resources + part.resources },
    );
  }
  const entries = [...merged.values()].sort((a, b) => rank(a) - rank(b) || compare(a.account, b.account) || compare(a.region, b.region));
  return { entries, isComplete: entries.every(({ status }) => status === 'complete') };
}

function rank({ status }: CoverageEntry): number {
  return { missing: 0, partial: 1, complete: 2 }[status];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Why something was not seen, or not wholly. */
export type GapReason =
  /** The credential may not make the call named in `detail`. */
  | 'access_denied'
  | 'throttled'
  /** The service is not offered in this region, or the type has no listing of its own. */
  | 'not_supported'
  /** There was no time left; asking again continues where this scan ended. */
  | 'not_reached'
  /** The service did not answer, or answered something that is no answer. */
  | 'unavailable'
  /** The account's role could not be assumed. */
  | 'no_access_to_account';

/** One part of the estate that was looked at with one call or a chain of pages: an account, a region, and the types that came of it. */
export interface CoverageEntry {
  account: string;
  /** Region code; `global` for what is listed once for all regions; `*` when the account could not be looked into at all. */
  region: string;
  /** The types that this part is about; `*` for the Tagging API, which lists all types but never those without any tag ever. */
  types: readonly string[];
  status: 'complete' | 'partial' | 'missing';
  reason?: GapReason;
  /** In a few words, without the upstream's text: the permission that is missing, or what to do to get the rest. */
  detail?: string;
  /** Resources that came from this part, before any filter. */
  resources: number;
}

/** Why what the Tagging API lists of one type is not all that there is of it. */
export const NEVER_TAGGED_UNSEEN = {
  reason: 'not_supported',
  detail: 'These have no listing that includes the never-tagged: only what has or had tags was seen.',
} as const satisfies Pick<CoverageEntry, 'reason' | 'detail'>;

/** What a scan saw. */
export interface Coverage {
  entries: readonly CoverageEntry[];
  /** Everything that was asked for was seen completely. */
  isComplete: boolean;
}

/**
 * Coverage of many parts as few entries: those that agree in everything but type become one, with all types and the sum of
 * resources. Gaps come first.
 */
export function toCoverage(parts: Iterable<CoverageEntry>): Coverage {
  const merged = new Map<string, CoverageEntry>();
  for (const part of parts) {
    const { account, region, status, reason, detail } = part;
    // What the Tagging API alone saw is another statement than what the services' own listings saw.
    const key = JSON.stringify([account, region, status, reason, detail, part.types.includes('*')]);
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

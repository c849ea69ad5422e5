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
  region: string;
  /** The types that this part is about; `*` for the Tagging API, which lists all types but never those without any tag ever. */
  types: readonly string[];
  status: 'complete' | 'partial' | 'missing';
  reason?: GapReason;
  /** In a few words, without the upstream's text: the permission that is missing, or what to do to get the rest. */
  detail?: string;
  /** Resources that came from this part. */
  resources: number;
}

/** What a scan saw. */
export interface Coverage {
  entries: readonly CoverageEntry[];
  /** Everything that was asked for was seen completely. */
  isComplete: boolean;
}

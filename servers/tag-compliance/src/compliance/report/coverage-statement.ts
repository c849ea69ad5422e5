import { type Coverage, type CoverageEntry, type GapReason, listsByTags } from '../../inventory/coverage.ts';

const REASONS: Readonly<Record<GapReason, string>> = {
  access_denied: 'access denied',
  throttled: 'throttled',
  not_supported: 'not supported',
  not_reached: 'not reached in time',
  unavailable: 'no answer',
  no_access_to_account: 'no access to the account',
};

const LISTED = 10;
const TYPES_NAMED = 5;

const UNLISTED =
  'Of types without a listing of their own here (keys, secrets, log groups and so on) AWS lists only resources that have or had tags: never-tagged ones are not seen.';

/** What a scan could read and what not, in sentences. The first one says whether the result is complete. */
export function coverageStatement({ entries, isComplete }: Coverage): string {
  const limits = entries.some(isOfAllTypes) ? [UNLISTED] : [];
  if (isComplete) return ['Everything that was requested and can be seen was seen.', ...limits].join(' ');
  const gaps = entries.filter(({ status }) => status !== 'complete');
  const rest = gaps.length - LISTED;
  return [
    'Not everything that was requested was seen, so the true figures may differ.',
    ...gaps.slice(0, LISTED).map(describeGap),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
    ...limits,
  ].join(' ');
}

/** An entry of the Tagging API, which lists all types. */
function isOfAllTypes({ types, status }: CoverageEntry): boolean {
  return listsByTags({ types }) && status !== 'missing';
}

function describeGap({ account, region, types, status, reason, detail }: CoverageEntry): string {
  const where = region === '*' ? 'all regions' : region;
  const why = [reason && REASONS[reason], detail?.replace(/\.$/, '')].filter(Boolean).join(': ');
  return `${nameTypes(types)} in ${where} of account ${account}: ${status === 'partial' ? 'seen in part' : 'not seen'}${why && ` (${why})`}.`;
}

function nameTypes(types: readonly string[]): string {
  if (types.includes('*')) return 'All types';
  const rest = types.length - TYPES_NAMED;
  return `${types.slice(0, TYPES_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

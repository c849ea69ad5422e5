import { AwsError, type AwsFailure } from '@fairway-mcp/aws';
import type { GapReason } from '../inventory/coverage.ts';

export interface Gap {
  reason: GapReason;
  detail: string;
}

/** The gap that is left when there is no time to ask. */
export const TOO_LATE: Gap = { reason: 'not_reached', detail: 'Ask again: there was no time left.' };

const REASONS: Record<AwsFailure, GapReason> = {
  access_denied: 'access_denied',
  credentials: 'access_denied',
  throttled: 'throttled',
  region_not_enabled: 'not_supported',
  unsupported: 'not_supported',
  unavailable: 'unavailable',
  timeout: 'unavailable',
  invalid_answer: 'unavailable',
  not_found: 'unavailable',
  rejected: 'unavailable',
};

/** The gap that a failed call leaves, with the permission to grant if that helps. @throws what is not an {@link AwsError} */
export function gapOf(error: unknown): Gap {
  if (!(error instanceof AwsError)) throw error;
  return { reason: REASONS[error.failure], detail: detailOf(error) };
}

function detailOf({ action, failure, message }: AwsError): string {
  switch (failure) {
    case 'access_denied':
      return `Needs ${action}.`;
    case 'credentials':
      return 'The credentials are not accepted here: they have expired, or the region is not enabled for this account.';
    case 'region_not_enabled':
      return 'The region is not enabled for this account.';
    case 'throttled':
      return `${action} was throttled. Ask again in a minute.`;
    default:
      return message;
  }
}

/** Merges the gaps of one slice: the reason of the first, every distinct detail. */
export function joinGaps(gaps: readonly Gap[]): Gap | undefined {
  const [first] = gaps;
  return first && { reason: first.reason, detail: [...new Set(gaps.map(({ detail }) => detail))].join(' ') };
}

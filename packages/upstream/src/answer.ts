import type { IncomingHttpHeaders } from 'node:http';
import { UpstreamError, type UpstreamErrorKind } from './errors.ts';
import { parseRetryAfter } from './retry.ts';

/** An answer that has been read to its end. */
export interface UpstreamAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<IncomingHttpHeaders>;
  body: Uint8Array;
  /** `network`; `revalidated`: the upstream said that it has not changed; `store`: still fresh, the upstream was not called. */
  source: 'network' | 'revalidated' | 'store';
  /** The body as UTF-8; what is none becomes U+FFFD. */
  text(): string;
}

export function makeAnswer(parts: Omit<UpstreamAnswer, 'text'>): UpstreamAnswer {
  return { ...parts, text: () => new TextDecoder().decode(parts.body) };
}

/** The error for a status that is none of success, in general words: a server's `translate` knows its upstream better. */
export function statusError(answer: Pick<UpstreamAnswer, 'status' | 'headers'>, host: string, wallMs: number): UpstreamError {
  const { status, headers } = answer;
  const retryAfterMs = parseRetryAfter(headers['retry-after'], wallMs);
  const { kind, remedy, retryable } = describeStatus(status);
  return new UpstreamError({
    kind,
    message: `${host} answered ${status}.`,
    remedy,
    status,
    retryable,
    ...(retryAfterMs !== undefined && retryable && { retryAfterS: retryAfterMs / 1000 }),
  });
}

interface StatusMeaning {
  kind: UpstreamErrorKind;
  remedy: string;
  retryable: boolean;
}

const MEANINGS: Readonly<Record<number, StatusMeaning>> = {
  401: { kind: 'unauthenticated', remedy: 'The operator checks the credentials for this upstream.', retryable: false },
  403: { kind: 'forbidden', remedy: 'The operator checks what these credentials may do.', retryable: false },
  404: { kind: 'not_found', remedy: 'Check the name or id.', retryable: false },
  408: { kind: 'upstream_unavailable', remedy: 'Try again later.', retryable: true },
  410: { kind: 'not_found', remedy: 'It is gone for good: use another.', retryable: false },
  425: { kind: 'upstream_unavailable', remedy: 'Try again later.', retryable: true },
  429: { kind: 'rate_limited', remedy: 'Try again later, and less often.', retryable: true },
  501: { kind: 'upstream_rejected', remedy: 'The upstream does not offer this.', retryable: false },
};

function describeStatus(status: number): StatusMeaning {
  const known = MEANINGS[status];
  if (known) return known;
  if (status >= 500) return { kind: 'upstream_unavailable', remedy: 'Try again later.', retryable: true };
  return { kind: 'upstream_rejected', remedy: 'Check what was asked for.', retryable: false };
}

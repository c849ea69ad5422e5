/** What went wrong, from the point of view of the caller of a tool. The kit knows the same words. */
export type UpstreamErrorKind =
  | 'upstream_rejected'
  | 'upstream_unavailable'
  | 'timeout'
  | 'cancelled'
  | 'rate_limited'
  | 'not_found'
  | 'forbidden'
  | 'unauthenticated'
  | 'budget_exceeded';

/**
 * What is known of the request's effect. `not_sent`: it never left. `answered`: the upstream answered it. `unknown`: it was
 * sent and no whole answer came back, so that a write may have happened.
 */
export type Effect = 'not_sent' | 'unknown' | 'answered';

export interface UpstreamErrorDetails {
  kind: UpstreamErrorKind;
  /** What happened, in a sentence. Public: host and status only, never a path, a query value, a header or a body. */
  message: string;
  /** What to do next, in a sentence. */
  remedy: string;
  retryAfterS?: number | undefined;
  /** The HTTP status, where the upstream answered. */
  status?: number | undefined;
  effect?: Effect;
  /** Whether the same request may succeed if it is sent again. By default as the kind suggests. */
  retryable?: boolean;
  cause?: unknown;
}

const RETRYABLE: ReadonlySet<UpstreamErrorKind> = new Set(['upstream_unavailable', 'timeout', 'rate_limited']);

/** A request to an upstream that failed. Its message and remedy are safe to show to a caller. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly kind: UpstreamErrorKind;
  readonly remedy: string;
  /** Whole seconds after which the same call may succeed. */
  readonly retryAfterS: number | undefined;
  readonly status: number | undefined;
  readonly effect: Effect;
  readonly retryable: boolean;

  constructor({ kind, message, remedy, retryAfterS, status, effect, retryable, cause }: UpstreamErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.remedy = remedy;
    this.retryAfterS = retryAfterS === undefined ? undefined : Math.max(1, Math.ceil(retryAfterS));
    this.status = status;
    this.effect = effect ?? (status === undefined ? 'not_sent' : 'answered');
    this.retryable = retryable ?? RETRYABLE.has(kind);
  }
}

/** The same error, with what is known from earlier attempts of the same request. */
export function withEffect(error: UpstreamError, effect: Effect): UpstreamError {
  if (error.effect === effect) return error;
  const { kind, message, remedy, retryAfterS, status, retryable, cause } = error;
  return new UpstreamError({ kind, message, remedy, retryAfterS, status, effect, retryable, cause });
}

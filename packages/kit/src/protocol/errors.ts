/** What went wrong, from the caller's point of view. */
export type ErrorKind =
  | 'invalid_input'
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate_limited'
  | 'conflict'
  | 'confirmation_required'
  | 'upstream_rejected'
  | 'upstream_unavailable'
  | 'timeout'
  | 'cancelled'
  | 'unknown_outcome'
  | 'budget_exceeded'
  | 'internal';

export interface ErrorDetails {
  kind: ErrorKind;
  /** What happened, in a sentence. Public: no stack, no token, no upstream body. */
  message: string;
  /** What to do next, in a sentence. */
  remedy: string;
  /** After how many seconds the same call may succeed. */
  retryAfterS?: number;
  /** The original error, for the log only. */
  cause?: unknown;
}

/** A failure that the caller is shown. Anything else that a tool throws becomes `internal`, and its text stays in the log. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly kind: ErrorKind;
  readonly remedy: string;
  readonly retryAfterS: number | undefined;

  constructor({ kind, message, remedy, retryAfterS, cause }: ErrorDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.remedy = remedy;
    this.retryAfterS = retryAfterS;
  }
}

/** A mistake in how the program was started: one line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

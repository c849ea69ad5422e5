import { UpstreamError, type UpstreamErrorDetails } from './errors.ts';

export interface FailureContext {
  host: string;
  /** The deadline's: its reason says why the request was ended. */
  signal: AbortSignal;
  /** Whether the request was written to a connection. */
  sent: boolean;
}

type Described = Pick<UpstreamErrorDetails, 'kind' | 'message' | 'remedy' | 'retryable'>;

/** What went wrong below HTTP, in words for a caller. The original error is the cause, for the log. */
export function describeFailure(error: unknown, { host, signal, sent }: FailureContext): UpstreamError {
  if (error instanceof UpstreamError && error !== signal.reason) return error;
  const effect = sent ? 'unknown' : 'not_sent';
  if (signal.aborted && signal.reason instanceof UpstreamError) {
    const { kind, message, remedy } = signal.reason;
    return new UpstreamError({ kind, message, remedy, effect, retryable: false });
  }
  // What undici itself refuses to send is a mistake in the calling code, not of the upstream.
  if (codeOf(error) === 'UND_ERR_INVALID_ARG')
    throw new TypeError('The request is malformed: check its headers and body.', { cause: bareCause(error) });
  return new UpstreamError({ ...describe(codeOf(error), host), effect, cause: bareCause(error) });
}

function describe(code: string, host: string): Described {
  const later = 'Try again later.';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT')
    return { kind: 'timeout', message: `No connection to ${host} could be made in time.`, remedy: later };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { kind: 'timeout', message: `${host} did not begin to answer in time.`, remedy: later };
  if (code === 'UND_ERR_BODY_TIMEOUT') return { kind: 'timeout', message: `${host} stopped in the middle of its answer.`, remedy: later };
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return { kind: 'budget_exceeded', message: `The answer of ${host} is larger than the limit.`, remedy: 'Ask for less.' };
  if (code === 'ENOTFOUND')
    return {
      kind: 'upstream_unavailable',
      message: `The name ${host} is not known in DNS.`,
      remedy: 'Check the network and the name.',
      retryable: false,
    };
  if (isCertificateError(code))
    return {
      kind: 'upstream_unavailable',
      message: `The certificate of ${host} is not trusted.`,
      remedy: 'Check the clock and the certificates of this machine, and whether a proxy replaces certificates.',
      retryable: false,
    };
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return { kind: 'upstream_unavailable', message: `The answer of ${host} has another length than it declares.`, remedy: later };
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE')
    return { kind: 'upstream_unavailable', message: `${host} closed the connection before its answer was complete.`, remedy: later };
  if (code === 'Z_BUF_ERROR' || code === 'ERR_STREAM_PREMATURE_CLOSE')
    return { kind: 'upstream_unavailable', message: `The answer of ${host} ended too early.`, remedy: later };
  if (/^(?:Z_|ERR__ERROR|ERR_BROTLI|ERR_ZSTD|ZSTD_|ERR_PADDING)/.test(code))
    return { kind: 'upstream_rejected', message: `The answer of ${host} is not compressed as it says.`, remedy: later };
  if (code === 'HPE' || code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_INFO')
    return { kind: 'upstream_rejected', message: `${host} did not answer in HTTP as it is defined.`, remedy: later };
  return { kind: 'upstream_unavailable', message: `The connection to ${host} failed.`, remedy: later };
}

function isCertificateError(code: string): boolean {
  return /CERT|^ERR_TLS|^UNABLE_TO_|SELF_SIGNED|^HOSTNAME_MISMATCH/.test(code);
}

/** Without what undici hangs on its errors: the bytes that a parser stumbled over, and the socket. */
function bareCause(error: unknown): Error {
  return new Error([codeOf(error), error instanceof Error ? error.message : ''].filter(Boolean).join(': '));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as NodeJS.ErrnoException;
  if (error.name === 'HTTPParserError') return 'HPE';
  if (typeof code === 'string') return code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

import { makeAnswer, statusError, type UpstreamAnswer } from './answer.ts';
import type { Deadline } from './deadline.ts';
import { UpstreamError } from './errors.ts';
import { exchange, type Incoming, type Meter, type Outgoing, readPieces } from './exchange.ts';
import type { Limits, UpstreamLog, UpstreamTelemetry } from './options.ts';
import type { Admission, Origin } from './origin.ts';
import { isRedirect } from './redirects.ts';
import type { UpstreamRequest } from './request.ts';

/** How much of the body of an error is read, for `translate`. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface AttemptContext {
  request: UpstreamRequest;
  limits: Limits;
  deadline: Deadline;
  telemetry: UpstreamTelemetry | undefined;
  log: UpstreamLog | undefined;
  wallMs: () => number;
  maxRetryAfterMs: number;
  /** The URL as a log may show it. */
  shown: string;
  number: number;
}

/** The headers of an answer have come. Settled once, when its body has been read or given up. */
export interface OpenAnswer {
  incoming: Incoming;
  pieces: AsyncGenerator<Uint8Array>;
  settle(error?: unknown): void;
}

/**
 * Sends the request once. A status that is no success is an error; a redirect is not.
 * @throws {UpstreamError}
 */
export async function attempt(origin: Origin, outgoing: Outgoing, context: AttemptContext): Promise<OpenAnswer> {
  const { limits, deadline } = context;
  const admission = await origin.admit(deadline);
  const meter: Meter = { sent: false, wireBytes: 0 };
  const settle = settler(origin, outgoing, context, admission, meter);
  try {
    const incoming = await exchange(origin.pool, outgoing, limits, meter, deadline.signal);
    settle.status = incoming.status;
    if (!isSuccess(incoming.status)) throw await failure(incoming, outgoing, context);
    const pieces = readPieces(incoming, limits, outgoing.url.host, deadline.signal);
    return { incoming, pieces, settle: settle.end };
  } catch (error) {
    settle.end(error);
    throw error;
  }
}

/** Reads a body to its end. */
export async function readAll({ pieces, settle }: OpenAnswer): Promise<Uint8Array> {
  try {
    const read: Uint8Array[] = [];
    for await (const piece of pieces) read.push(piece);
    settle();
    return Buffer.concat(read);
  } catch (error) {
    settle(error);
    throw error;
  }
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304 || isRedirect(status);
}

async function failure(
  incoming: Incoming,
  outgoing: Outgoing,
  { request, deadline, limits, wallMs }: AttemptContext,
): Promise<UpstreamError> {
  const { status, headers } = incoming;
  const { host } = outgoing.url;
  const body = await readErrorBody(incoming, limits, host, deadline.signal);
  const translated = translate(request, makeAnswer({ status, headers, body, source: 'network' }));
  return translated ?? statusError({ status, headers }, host, wallMs());
}

/** A translation that stumbles over a body must not hide the status, nor quote the body as JSON.parse does. */
function translate(request: UpstreamRequest, answer: UpstreamAnswer): UpstreamError | undefined {
  try {
    return request.translate?.(answer);
  } catch {
    return undefined;
  }
}

/** As much of it as comes: the status says enough. */
async function readErrorBody(incoming: Incoming, limits: Limits, host: string, signal: AbortSignal): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  try {
    for await (const piece of readPieces(incoming, { ...limits, maxBytes: MAX_ERROR_BYTES }, host, signal)) read.push(piece);
  } catch {
    signal.throwIfAborted();
  }
  return Buffer.concat(read);
}

interface Settler {
  status: number | undefined;
  end(error?: unknown): void;
}

/** Ends everything that began with the attempt: the breaker's pass, the slot, the span, the counters, the log line. */
function settler(origin: Origin, outgoing: Outgoing, context: AttemptContext, admission: Admission, meter: Meter): Settler {
  const { method, url } = outgoing;
  const { telemetry, log, number, request, shown, maxRetryAfterMs } = context;
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const span = telemetry?.startAttempt({ method, host: url.hostname, port, attempt: number, route: request.route, trace: request.trace });
  let settled = false;
  const settler: Settler = {
    status: undefined,
    end(error) {
      if (settled) return;
      settled = true;
      admission[verdict(error)]();
      const kind = kindOf(error);
      span?.end({ status: settler.status, error: kind, wireBytes: meter.wireBytes });
      const fields = { method, url: shown, attempt: number, status: settler.status };
      if (!kind) return log?.debug('upstream answered', fields);
      origin.countFailure(kind);
      if (error instanceof UpstreamError && error.kind === 'rate_limited' && error.retryAfterS !== undefined)
        origin.pause(Math.min(maxRetryAfterMs, error.retryAfterS * 1000));
      log?.warn('upstream failed', { ...fields, kind, cause: (error as Error).cause });
    },
  };
  return settler;
}

function kindOf(error: unknown): string | undefined {
  if (error instanceof UpstreamError) return error.kind;
  return error === undefined ? undefined : 'internal';
}

/** What an outcome says of the upstream's health. */
function verdict(error: unknown): 'succeed' | 'fail' | 'ignore' {
  if (error === undefined) return 'succeed';
  if (!(error instanceof UpstreamError)) return 'ignore';
  const { status, kind, effect } = error;
  if (status === 429 || kind === 'cancelled' || kind === 'rate_limited') return 'ignore';
  if (status !== undefined) return status >= 500 && status !== 501 ? 'fail' : 'succeed';
  if (kind === 'forbidden') return 'ignore';
  return kind === 'budget_exceeded' || effect === 'answered' ? 'succeed' : 'fail';
}

/** The answer to a caller, from an open one. */
export async function toAnswer(open: OpenAnswer): Promise<UpstreamAnswer> {
  const body = await readAll(open);
  const { status, headers } = open.incoming;
  return makeAnswer({ status, headers, body, source: 'network' });
}

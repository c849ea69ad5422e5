import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { UpstreamError } from './errors.ts';
import { describeFailure } from './failures.ts';
import type { Limits } from './options.ts';
import { decompress, type Pool, request } from './undici.ts';

/** One HTTP request, ready to be sent. */
export interface Outgoing {
  method: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string | Uint8Array | undefined;
}

/** The headers of an answer, and its body still to be read: decompressed and limited. */
export interface Incoming {
  status: number;
  headers: IncomingHttpHeaders;
  body: Readable;
  meter: Meter;
}

/** What happened on the wire. */
export interface Meter {
  sent: boolean;
  wireBytes: number;
}

/** Sends one request and waits for the headers of its answer. @throws {UpstreamError} */
export async function exchange(pool: Pool, outgoing: Outgoing, limits: Limits, meter: Meter, signal: AbortSignal): Promise<Incoming> {
  const { method, url, headers, body } = outgoing;
  // By request, because the limits are: composing makes one small object.
  const dispatcher = pool.compose(
    countWire(meter, limits.maxBytes, url.host),
    decompress({ skipErrorResponses: false, maxSize: limits.maxBytes }),
  );
  try {
    const answer = await request(dispatcher, {
      path: `${url.pathname}${url.search}`,
      method: method as Dispatcher.HttpMethod,
      headers,
      body: body ?? null,
      signal,
    });
    const incoming: Incoming = { status: answer.statusCode, headers: answer.headers, body: answer.body, meter };
    rejectUnknownEncoding(incoming, method, url.host);
    return incoming;
  } catch (error) {
    throw describeFailure(error, { host: url.host, signal, sent: meter.sent });
  }
}

/**
 * The pieces of a body, within the limits. What the caller does not take is not read from the wire.
 * @throws {UpstreamError} when it is too large, expands too much, ends too early or pauses too long
 */
export async function* readPieces(
  { body, meter }: Incoming,
  limits: Limits,
  host: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > limits.maxBytes) throw tooLarge(host, limits.maxBytes);
      if (bytes > FREE_BYTES && bytes > meter.wireBytes * limits.maxDecompressionRatio) throw expandsTooMuch(host);
      yield piece;
    }
  } catch (error) {
    throw describeFailure(error, { host, signal, sent: true });
  } finally {
    body.destroy();
  }
}

/** Below this size any ratio is harmless. */
const FREE_BYTES = 1024 * 1024;

/** Counts what arrives before it is decompressed. Undici's own limit sees decompressed bytes only: empty blocks would never reach it. */
function countWire(meter: Meter, maxBytes: number, host: string): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        meter.sent = true;
        handler.onRequestStart?.(controller, context);
      },
      onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData(controller, chunk) {
        meter.wireBytes += chunk.length;
        if (meter.wireBytes > maxBytes) controller.abort(tooLarge(host, maxBytes));
        else handler.onResponseData?.(controller, chunk);
      },
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
}

/** What was decompressed has lost the header; what still has it cannot be read. */
function rejectUnknownEncoding({ status, headers, body }: Incoming, method: string, host: string): void {
  const encoding = headers['content-encoding'];
  if (!encoding || encoding === 'identity' || method === 'HEAD' || status === 204 || status === 304) return;
  body.on('error', () => {}).destroy();
  throw new UpstreamError({
    kind: 'upstream_rejected',
    message: `${host} sent a body in an encoding that was not asked for.`,
    remedy: 'Try again later; if it stays so, the upstream is misconfigured.',
    status,
  });
}

export function tooLarge(host: string, maxBytes: number): UpstreamError {
  return new UpstreamError({
    kind: 'budget_exceeded',
    message: `The answer of ${host} is larger than the limit of ${maxBytes} bytes.`,
    remedy: 'Ask for less: a shorter period, fewer items, a smaller page.',
    effect: 'answered',
  });
}

function expandsTooMuch(host: string): UpstreamError {
  return new UpstreamError({
    kind: 'upstream_rejected',
    message: `The answer of ${host} expands beyond measure when it is decompressed.`,
    remedy: 'Do not use this upstream until its operator has explained it.',
    effect: 'answered',
  });
}

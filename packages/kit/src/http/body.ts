import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { INVALID_REQUEST, nestsDeeperThan, PARSE_ERROR, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';
import { ByteCollector } from '../util/byte-collector.ts';

export interface BodyLimits {
  maxBodyBytes: number;
  maxJsonDepth: number;
}

/** Why a body is rejected, as HTTP status and JSON-RPC error. */
export interface RejectedBody {
  status: number;
  code: number;
  message: string;
}

const BYTE_ORDER_MARK = '\ufeff';

export type Body = { json: unknown } | { rejected: RejectedBody };

/**
 * Reads and parses a request's body within its limits. The rest of a rejected body is discarded as it arrives; until then the connection
 * stays open. Rejects only when the client disconnects while sending.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  if (!isJsonContentType(request.headers['content-type'] ?? null)) {
    discard(request);
    return rejected(415, TRANSPORT_ERROR, 'Send the message as Content-Type: application/json.');
  }
  const text =
    Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes ? undefined : await readText(request, limits.maxBodyBytes);
  if (text === undefined) {
    discard(request);
    return rejected(413, TRANSPORT_ERROR, `The request is larger than ${limits.maxBodyBytes} bytes.`);
  }
  if (nestsDeeperThan(text, limits.maxJsonDepth)) {
    return rejected(400, INVALID_REQUEST, `The request nests deeper than ${limits.maxJsonDepth} levels.`);
  }
  try {
    return { json: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch {
    return rejected(400, PARSE_ERROR, 'The request body is not valid JSON.');
  }
}

function rejected(status: number, code: number, message: string): Body {
  return { rejected: { status, code, message } };
}

/** The body as text, or `undefined` as soon as it is known to be too large. */
function readText(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const body = new ByteCollector(maxBytes);
  request.on('data', (chunk: Buffer) => {
    if (body.add(chunk)) return;
    request.removeAllListeners('data');
    resolve(undefined);
  });
  request.on('end', () => resolve(body.takeText()));
  request.on('error', reject);
  // Every request closes in the end: the error, with its stack, is created only for one that closes early.
  request.on('close', () => {
    if (!request.complete) reject(new Error('The client disconnected while sending.'));
  });
  return promise;
}

/** Lets the client finish sending and read why it was rejected. */
function discard(request: IncomingMessage): void {
  request.on('error', () => undefined);
  request.resume();
}

import type { IncomingMessage } from 'node:http';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { INVALID_REQUEST, nestsDeeperThan, PARSE_ERROR, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';

export interface BodyLimits {
  maxBodyBytes: number;
  maxJsonDepth: number;
}

/** A body that is refused, as HTTP status and JSON-RPC error. */
export interface RefusedBody {
  status: number;
  code: number;
  message: string;
}

const BYTE_ORDER_MARK = '\ufeff';

export type Body = { json: unknown } | { refused: RefusedBody };

/**
 * Reads and parses a request's body within its bounds. What is left of a refused one runs past unread; until then the
 * connection has to stay. Rejects only when the client goes away while sending.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Body> {
  if (!isJsonContentType(request.headers['content-type'] ?? null)) {
    discard(request);
    return refused(415, TRANSPORT_ERROR, 'Send the message as Content-Type: application/json.');
  }
  const text =
    Number(request.headers['content-length'] ?? 0) > limits.maxBodyBytes ? undefined : await readText(request, limits.maxBodyBytes);
  if (text === undefined) {
    discard(request);
    return refused(413, TRANSPORT_ERROR, `The request is larger than ${limits.maxBodyBytes} bytes.`);
  }
  if (nestsDeeperThan(text, limits.maxJsonDepth)) {
    return refused(400, INVALID_REQUEST, `The request nests deeper than ${limits.maxJsonDepth} levels.`);
  }
  try {
    return { json: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch {
    return refused(400, PARSE_ERROR, 'The request body is not valid JSON.');
  }
}

function refused(status: number, code: number, message: string): Body {
  return { refused: { status, code, message } };
}

/** The body as text, or `undefined` as soon as it is known to be too large. */
function readText(request: IncomingMessage, most: number): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > most) {
      request.removeAllListeners('data');
      resolve(undefined);
    } else chunks.push(chunk);
  });
  request.on('end', () => resolve((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString('utf8')));
  request.on('error', reject);
  // Every request closes at last: an error is only made, stack and all, for one that closes early.
  request.on('close', () => {
    if (!request.complete) reject(new Error('The client went away while sending.'));
  });
  return promise;
}

/** The client can finish sending and read why it was refused. */
function discard(request: IncomingMessage): void {
  request.on('error', () => undefined);
  request.resume();
}

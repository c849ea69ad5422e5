import type { Socket } from 'node:net';

/** Writes an answer of which every byte is the test's own: no HTTP library corrects it. */
export type RawAnswer = (socket: Socket, request: ReceivedRequest) => void | Promise<void>;

/** A request as it came over the wire. */
export interface ReceivedRequest {
  method: string;
  /** Path and query. */
  path: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

interface RawOptions {
  status?: number;
  version?: '1.0' | '1.1';
  headers?: Readonly<Record<string, string>>;
  /** Left out: the length of the body. `null`: none, the body ends with the connection. */
  length?: number | null;
}

/** An answer with a status line, headers and a body, which need not agree. */
export function raw(body: string | Uint8Array = '', { status = 200, version = '1.1', headers = {}, length }: RawOptions = {}): Buffer {
  const bytes = Buffer.from(body);
  const lines = [`HTTP/${version} ${status} Whatever`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  if (length !== null) lines.push(`content-length: ${length ?? bytes.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), bytes]);
}

/** One chunk of a chunked body. */
export function chunk(data: string | Uint8Array): Buffer {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

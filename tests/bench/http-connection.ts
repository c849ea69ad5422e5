import net from 'node:net';
import { initializeBytes, LEGACY_VERSION } from './requests.ts';

export interface Response {
  status: number;
  /** Head and body as received. */
  bytes: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n');

/**
 * One keep-alive connection with one request at a time. Of a response it parses only what tells where the response ends, so that the
 * load generator costs less than the quickest server; with an HTTP client library, the library would be measured.
 */
export class HttpConnection {
  readonly #socket: net.Socket;
  #parts: Buffer[] = [];
  #onResponse: ((response: Response) => void) | undefined;
  #onError: ((error: Error) => void) | undefined;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.#onError?.(error));
    socket.on('close', () => this.#onError?.(new Error('The server closed the connection.')));
  }

  static open(url: URL): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(url.port), url.hostname, () => resolve(new HttpConnection(socket)));
      socket.once('error', reject);
    });
  }

  send(request: Buffer): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.sendThen(request, resolve, reject);
    });
  }

  /** Like {@link send}, without a promise for each response. */
  sendThen(request: Buffer, resolve: (response: Response) => void, reject: (error: Error) => void): void {
    this.#onResponse = resolve;
    this.#onError = reject;
    this.#socket.write(request);
  }

  close(): void {
    this.#onError = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#parts.push(chunk);
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1 || !isComplete(bytes, headEnd)) return;
    this.#parts = [];
    this.#onResponse?.({ status: Number(bytes.toString('latin1', 9, 12)), bytes });
  }
}

function isComplete(bytes: Buffer, headEnd: number): boolean {
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return bytes.length >= headEnd + HEAD_END.length + Number(length);
  return bytes.subarray(headEnd).indexOf(CHUNKS_END) !== -1;
}

/** The body of a response, chunk sizes included. */
export function bodyOf({ bytes }: Response): Buffer {
  return bytes.subarray(bytes.indexOf(HEAD_END) + HEAD_END.length);
}

/**
 * Initializes a session of the older protocol. @returns the headers of the requests that follow: the version that the server chose,
 * and the session where the server keeps sessions
 */
export async function openSession(connection: HttpConnection, url: URL, headers: Record<string, string>): Promise<Record<string, string>> {
  const text = (await connection.send(initializeBytes(url, headers))).bytes.toString('latin1');
  // The floor answers with its constant.
  const version = /"protocolVersion":"([\d-]+)"/.exec(text)?.[1] ?? LEGACY_VERSION;
  const id = /\r\nmcp-session-id: *(\S+)/i.exec(text)?.[1];
  return { 'MCP-Protocol-Version': version, ...(id !== undefined && { 'Mcp-Session-Id': id }) };
}

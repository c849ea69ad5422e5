import net from 'node:net';
import { initializeBytes } from './requests.ts';

export interface Response {
  status: number;
  /** Head and body as they came. */
  bytes: Buffer;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n');

/**
 * One keep-alive connection that asks one thing at a time. Of an answer only as much is read as tells where it ends, so that this side
 * costs less than the fastest server: client libraries would be what is measured.
 */
export class Connection {
  readonly #socket: net.Socket;
  #parts: Buffer[] = [];
  #waiting: ((response: Response) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('The server closed the connection.')));
  }

  static open(url: URL): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(url.port), url.hostname, () => resolve(new Connection(socket)));
      socket.once('error', reject);
    });
  }

  ask(request: Buffer): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.askThen(request, resolve, reject);
    });
  }

  /** Like {@link ask}, without a promise for each answer. */
  askThen(request: Buffer, resolve: (response: Response) => void, reject: (error: Error) => void): void {
    this.#waiting = resolve;
    this.#failed = reject;
    this.#socket.write(request);
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#parts.push(chunk);
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd === -1 || !isWhole(bytes, headEnd)) return;
    this.#parts = [];
    this.#waiting?.({ status: Number(bytes.toString('latin1', 9, 12)), bytes });
  }
}

function isWhole(bytes: Buffer, headEnd: number): boolean {
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return bytes.length >= headEnd + HEAD_END.length + Number(length);
  return bytes.subarray(headEnd).indexOf(CHUNKS_END) !== -1;
}

/** The body of an answer, chunk sizes and all. */
export function bodyOf({ bytes }: Response): Buffer {
  return bytes.subarray(bytes.indexOf(HEAD_END) + HEAD_END.length);
}

/** Makes the handshake of the older protocol. @returns the header that names the session; none where there are no sessions */
export async function openSession(connection: Connection, url: URL, headers: Record<string, string>): Promise<Record<string, string>> {
  const { bytes } = await connection.ask(initializeBytes(url, headers));
  const id = /\r\nmcp-session-id: *(\S+)/i.exec(bytes.toString('latin1'))?.[1];
  return id === undefined ? {} : { 'Mcp-Session-Id': id };
}

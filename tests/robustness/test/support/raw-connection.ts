import net from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection, to send what a client library would never send. */
export interface RawConnection {
  /** All text that was received so far. */
  received(): string;
  send(text: string): void;
  /** Resolves when the connection is closed, by either side. */
  closed: Promise<void>;
  /** Reads again after {@link RawOptions.readsOnce}. */
  resume(): void;
}

export interface RawOptions {
  /** Whether to stop reading after the first data. */
  readsOnce?: boolean;
}

/** Connects to the host and port of an address. The connection is closed when the test has ended. */
export async function connectRaw(url: string, { readsOnce = false }: RawOptions = {}): Promise<RawConnection> {
  const { port, hostname } = new URL(url);
  const socket = net.connect({ port: Number(port), host: hostname });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  if (readsOnce) socket.once('data', () => socket.pause());
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  onTestFinished(() => void socket.destroy());
  return { received: () => text, send: (part) => void socket.write(part), closed, resume: () => void socket.resume() };
}

/** The request line and headers of a POST to the MCP endpoint. */
export function requestHead(bodyLength: number, headers: Readonly<Record<string, string>> = {}): string {
  return [
    'POST /mcp HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${bodyLength}`,
    '',
    '',
  ].join('\r\n');
}

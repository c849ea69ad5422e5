import net from 'node:net';
import { onTestFinished } from 'vitest';

/** A connection below HTTP: what a client library would never send, or never stop sending. */
export interface RawConnection {
  /** Everything that came so far. */
  received(): string;
  send(text: string): void;
  /** Resolves when the server has closed the connection. */
  closed: Promise<void>;
  /** Goes away without a word. */
  leave(): void;
}

/** Connects to the host and port of an address. @param isDeaf whether it never reads what comes. */
export async function connectRaw(url: string, isDeaf = false): Promise<RawConnection> {
  const { port, hostname } = new URL(url);
  const socket = net.connect({ port: Number(port), host: hostname });
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  let text = '';
  if (isDeaf) socket.pause();
  else
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  onTestFinished(() => void socket.destroy());
  return { received: () => text, send: (part) => void socket.write(part), closed, leave: () => void socket.destroy() };
}

/** The head of a request to call a tool, with everything but its body. */
export function requestHead(bodyLength: number): string {
  return [
    'POST /mcp HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    'Accept: application/json, text/event-stream',
    `Content-Length: ${bodyLength}`,
    '',
    '',
  ].join('\r\n');
}

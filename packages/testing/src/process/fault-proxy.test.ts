import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from './fault-proxy.ts';

/** A service that sends back what it receives. */
async function startEcho(): Promise<string> {
  const server = net.createServer((socket) => void socket.on('error', () => undefined).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `redis://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

/** @returns what came back through a new connection: `closed` when the connection ended instead. */
async function sendThrough(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = net.connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => resolve(chunk.toString()));
  socket.on('close', () => resolve('closed'));
  socket.write(text);
  return promise;
}

describe('startFaultProxy', () => {
  it('forwards to the service, except while it is disconnected', async () => {
    const proxy = await startFaultProxy(await startEcho());
    expect(await sendThrough(proxy.url, 'before')).toBe('before');
    proxy.disconnect();
    expect(await sendThrough(proxy.url, 'meanwhile')).toBe('closed');
    proxy.reconnect();
    expect(await sendThrough(proxy.url, 'after')).toBe('after');
  });

  it('forwards nothing while it is silent, and afterwards what was sent in the meantime', async () => {
    const proxy = await startFaultProxy(await startEcho());
    const { hostname, port } = new URL(proxy.url);
    const socket = net.connect(Number(port), hostname);
    onTestFinished(() => void socket.destroy());
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.write('before ');
    await expect.poll(() => received).toBe('before ');
    proxy.silence();
    const late = sendThrough(proxy.url, 'late');
    await new Promise((sent) => socket.write('after', sent));
    expect([received, await Promise.race([late, Promise.resolve('nothing')])]).toEqual(['before ', 'nothing']);
    proxy.reconnect();
    await expect.poll(() => received).toBe('before after');
    expect(await late).toBe('late');
  });

  it('closes connections that are open when it is disconnected', async () => {
    const proxy = await startFaultProxy(await startEcho());
    const { hostname, port } = new URL(proxy.url);
    const socket = net.connect(Number(port), hostname);
    const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    await new Promise((resolve) => socket.on('data', resolve).write('hello'));
    proxy.disconnect();
    await closed;
  });
});

import net from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP proxy in front of a service, to simulate an outage of the network or of the service. */
export interface FaultProxy {
  /** The service's address, through the proxy. */
  url: string;
  /** Closes all connections and rejects new ones. */
  disconnect(): void;
  /** Accepts connections again. */
  reconnect(): void;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/** @param address of a service: `redis://127.0.0.1:6379`, `postgres://…`. The proxy stops when the test has ended. */
export async function startFaultProxy(address: string): Promise<FaultProxy> {
  const target = new URL(address);
  const sockets = new Set<net.Socket>();
  let isConnected = true;
  const proxy = net.createServer((client) => {
    if (!isConnected) return void client.destroy();
    const service = net.connect(Number(target.port || DEFAULT_PORTS[target.protocol]), target.hostname);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [client, service]) other.destroy();
      });
    }
    client.pipe(service).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const closeAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    closeAll();
    proxy.close();
  });
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as net.AddressInfo).port);
  return {
    url: url.href,
    disconnect() {
      isConnected = false;
      closeAll();
    },
    reconnect() {
      isConnected = true;
    },
  };
}

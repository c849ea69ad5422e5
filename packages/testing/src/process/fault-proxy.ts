import net from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP proxy in front of a service, to simulate an outage of the network or of the service. */
export interface FaultProxy {
  /** The service's address, through the proxy. */
  url: string;
  /** Closes all connections and rejects new ones. */
  disconnect(): void;
  /** Keeps all connections open and accepts new ones, and forwards nothing: as when packets are lost, or the service is frozen. */
  silence(): void;
  /** Accepts connections and forwards again. */
  reconnect(): void;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/** @param address of a service: `redis://127.0.0.1:6379`, `postgres://…`. The proxy stops when the test has ended. */
export async function startFaultProxy(address: string): Promise<FaultProxy> {
  const target = new URL(address);
  const connections = new Set<Connection>();
  let state: 'connected' | 'disconnected' | 'silent' = 'connected';
  const proxy = net.createServer((client) => {
    if (state === 'disconnected') return void client.destroy();
    const service = net.connect(Number(target.port || DEFAULT_PORTS[target.protocol]), target.hostname);
    const connection = { client, service };
    connections.add(connection);
    onEnd(connection, () => connections.delete(connection));
    if (state === 'connected') forward(connection);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const closeAll = () => {
    for (const connection of connections) close(connection);
  };
  onTestFinished(() => {
    closeAll();
    proxy.close();
  });
  return {
    url: throughProxy(target, proxy),
    disconnect() {
      state = 'disconnected';
      closeAll();
    },
    silence() {
      state = 'silent';
      for (const { client, service } of connections) {
        client.unpipe(service);
        service.unpipe(client);
      }
    },
    reconnect() {
      if (state === 'silent') for (const connection of connections) forward(connection);
      state = 'connected';
    },
  };
}

function throughProxy(target: URL, proxy: net.Server): string {
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as net.AddressInfo).port);
  return url.href;
}

interface Connection {
  client: net.Socket;
  service: net.Socket;
}

/** Closes both sides when one has ended. */
function onEnd(connection: Connection, forget: () => void): void {
  for (const socket of [connection.client, connection.service]) {
    socket.on('error', () => undefined);
    socket.on('close', () => {
      forget();
      close(connection);
    });
  }
}

function forward({ client, service }: Connection): void {
  client.pipe(service).pipe(client);
}

function close({ client, service }: Connection): void {
  client.destroy();
  service.destroy();
}

import net from 'node:net';
import { onTestFinished } from 'vitest';

/** A way to a service that can be cut and mended: what is on it when it is cut is lost, and nobody gets through until it is mended. */
export interface Road {
  /** The service's address, by this way. */
  url: string;
  cut(): void;
  mend(): void;
}

const PORTS: Readonly<Record<string, number>> = { 'redis:': 6379, 'postgres:': 5432, 'postgresql:': 5432 };

/** @param address of a service: `redis://127.0.0.1:6379`, `postgres://…`. The road is there until the test has ended. */
export async function openRoad(address: string): Promise<Road> {
  const target = new URL(address);
  const sockets = new Set<net.Socket>();
  let isOpen = true;
  const road = net.createServer((near) => {
    if (!isOpen) return void near.destroy();
    const far = net.connect(Number(target.port || PORTS[target.protocol]), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of [near, far]) other.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => road.listen(0, '127.0.0.1', resolve));
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    close();
    road.close();
  });
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String((road.address() as net.AddressInfo).port);
  return {
    url: url.href,
    cut() {
      isOpen = false;
      close();
    },
    mend() {
      isOpen = true;
    },
  };
}

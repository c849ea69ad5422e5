import net, { type AddressInfo, type Socket } from 'node:net';
import { BEHAVIOURS, type Behaviour, isBehaviour } from './behaviours.ts';
import { type RawAnswer, type ReceivedRequest, raw } from './raw.ts';

export interface HostileServerOptions {
  /** What each path answers, beyond the behaviours that every hostile server has. */
  paths?: Readonly<Record<string, RawAnswer>>;
}

/** A loopback server that breaks HTTP on order: its paths are the names of the behaviours. */
export interface HostileServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  /** `127.0.0.1:port` */
  readonly host: string;
  /** Every request that came, the oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** How many connections were accepted. */
  readonly connections: number;
  url(path: Behaviour | `/${string}`): string;
  /** Sets what a path answers: one answer for all requests, or a list, of which the last one is repeated. */
  on(path: `/${string}`, ...answers: RawAnswer[]): void;
  close(): Promise<void>;
}

/** Starts one on a free port. Tests share it: behaviours keep no state but for what `on` sets. */
export async function startHostileServer({ paths = {} }: HostileServerOptions = {}): Promise<HostileServer> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  const queues = new Map<string, RawAnswer[]>(Object.entries(paths).map(([path, answer]) => [path, [answer]]));
  let connections = 0;
  const server = net.createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    readRequests(socket, (request) => {
      requests.push(request);
      answer(queues, socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    origin: `http://${host}`,
    host,
    requests,
    get connections() {
      return connections;
    },
    url: (path) => `http://${host}${path.startsWith('/') ? path : `/${path}`}`,
    on: (path, ...answers) => queues.set(path, answers),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function answer(queues: Map<string, RawAnswer[]>, socket: Socket, request: ReceivedRequest): void {
  const path = request.path.split('?')[0] ?? '';
  const queue = queues.get(path);
  const set = queue && queue.length > 1 ? queue.shift() : queue?.[0];
  const name = path.slice(1);
  const found = set ?? (isBehaviour(name) ? BEHAVIOURS[name] : undefined);
  if (found) Promise.resolve(found(socket, request)).catch(() => socket.destroy());
  else socket.write(raw('no such path', { status: 404 }));
}

/** Reads requests one after the other from a connection. Understands what a client sends here: a length, and no chunks. */
function readRequests(socket: Socket, received: (request: ReceivedRequest) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (data: Buffer) => {
    pending = Buffer.concat([pending, data]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const { length, ...head } = parseHead(pending.subarray(0, end).toString('latin1'));
      if (pending.length < end + 4 + length) return;
      const body = pending.subarray(end + 4, end + 4 + length).toString();
      pending = pending.subarray(end + 4 + length);
      received({ ...head, body });
    }
  });
}

function parseHead(text: string): Omit<ReceivedRequest, 'body'> & { length: number } {
  const [first = '', ...lines] = text.split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { method, path, headers, length: Number(headers['content-length'] ?? 0) };
}

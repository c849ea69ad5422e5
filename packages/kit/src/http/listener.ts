import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '@fairway-mcp/telemetry';
import { UsageError } from '../protocol/errors.ts';
import { type HttpHandler, MCP_PATH } from './handler.ts';

export interface ListenerOptions {
  host: string;
  port: number;
  limits: ConnectionLimits;
  handler: HttpHandler;
  log: Log;
}

/** Limits for clients that send nothing, send slowly or do not read. */
export interface ConnectionLimits {
  requestSeconds: number;
  /** A connection on which nothing moved for longer than this and a request together is closed: its client reads no answers. */
  deadlineSeconds: number;
  idleSeconds: number;
  maxConnections: number;
}

export interface HttpServing {
  /** Where clients find the server: `http://127.0.0.1:8080/mcp` */
  url: string;
  /** Takes no more requests, answers those in flight within the given time, then closes. */
  drain(timeoutMs: number): Promise<void>;
}

/** How often connections are checked: a deadline is kept to within a fifteenth of itself. */
const CHECKS_PER_DEADLINE = 15;

/** Opens the HTTP server. */
export async function listen(options: ListenerOptions): Promise<HttpServing> {
  const { handler } = options;
  const server = createServer(options.limits, (request, response) => handler.handle(request, response));
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}${MCP_PATH}`, drain: (timeoutMs) => drain(server, handler, timeoutMs) };
}

async function drain(server: Server, handler: HttpHandler, timeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  handler.startDraining();
  server.closeIdleConnections();
  await handler.settled(timeoutMs);
  await handler.close();
  server.closeAllConnections();
  await closed;
}

function createServer(limits: ConnectionLimits, onRequest: http.RequestListener): Server {
  const requestTimeout = Math.ceil(limits.requestSeconds * 1000);
  const server = http.createServer(
    {
      requestTimeout,
      headersTimeout: Math.ceil(requestTimeout / 3),
      keepAliveTimeout: Math.ceil(limits.idleSeconds * 1000),
      connectionsCheckingInterval: Math.ceil(requestTimeout / CHECKS_PER_DEADLINE),
      noDelay: true,
    },
    onRequest,
  );
  server.maxConnections = limits.maxConnections;
  server.timeout = requestTimeout + Math.ceil(limits.deadlineSeconds * 1000);
  return server;
}

function bind(server: Server, { host, port, log }: ListenerOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(
      error.code === 'EADDRINUSE'
        ? new UsageError(`Another program listens there: port ${port} is taken. Choose another one with --http.`)
        : error,
    ),
  );
  server.listen(port, host, () => {
    server.removeAllListeners('error');
    server.on('error', (error) => log.error('The listener failed', { error }));
    resolve();
  });
  return promise;
}

import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Authenticator, type AuthResult, localUser, type Principal } from '@fairway-mcp/auth';
import type { Log } from '@fairway-mcp/telemetry';
import { UsageError } from '../protocol/errors.ts';
import { INTERNAL_ERROR, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';
import { Occupancy } from '../util/in-flight.ts';
import { type BodyLimits, readBody } from './body.ts';
import { identityChallenge } from './challenge.ts';
import { errorJson, HttpExchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { respondEmpty, respondJson } from './respond.ts';
import { type Eras, routeMessage } from './route.ts';

export interface ListenerOptions {
  host: string;
  port: number;
  guard: Guard;
  /** `undefined`: everybody who can connect is the local user. Only right on loopback. */
  authenticator: Authenticator | undefined;
  limits: BodyLimits & ConnectionLimits;
  eras: Eras;
  /** Finds the task that `GET /tasks/{id}` asks for, if it is the caller's. */
  findTask: (id: string, principal: Principal) => Promise<object | undefined>;
  /** Answers `GET /health`. */
  health: () => Promise<{ status: string }>;
  log: Log;
}

/** What a client may cost that sends nothing, or sends slowly. */
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
  drain(patienceMs: number): Promise<void>;
}

const MCP_PATH = '/mcp';
const HEALTH_PATH = '/health';
const TASKS_PATH = '/tasks/';
/** How often connections are looked at: a deadline is kept to within a fifteenth of itself. */
const CHECKS_A_DEADLINE = 15;

/** Opens the HTTP side. Slow senders are cut off, half-open connections closed; a refusal never costs more than its headers. */
export async function listen(options: ListenerOptions): Promise<HttpServing> {
  const door = new FrontDoor(options);
  const server = createServer(options.limits, (request, response) => door.enter(request, response));
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}${MCP_PATH}`, drain: (patienceMs) => door.close(server, patienceMs) };
}

function createServer(
  { requestSeconds, deadlineSeconds, idleSeconds, maxConnections }: ConnectionLimits,
  enter: http.RequestListener,
): Server {
  const requestTimeout = Math.ceil(requestSeconds * 1000);
  const server = http.createServer(
    {
      requestTimeout,
      headersTimeout: Math.ceil(requestTimeout / 3),
      keepAliveTimeout: Math.ceil(idleSeconds * 1000),
      connectionsCheckingInterval: Math.ceil(requestTimeout / CHECKS_A_DEADLINE),
      noDelay: true,
    },
    enter,
  );
  server.maxConnections = maxConnections;
  server.timeout = requestTimeout + Math.ceil(deadlineSeconds * 1000);
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

/** What happens to a request between the socket and its protocol era. */
class FrontDoor {
  readonly #options: ListenerOptions;
  readonly #requests = new Occupancy();
  #closing = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  enter(request: IncomingMessage, response: ServerResponse): void {
    this.#requests.enter();
    response.on('close', () => this.#requests.leave());
    const refused = this.#options.guard.judge(request.headers);
    if (refused !== undefined)
      return respondJson(response, refused.status, errorJson(null, TRANSPORT_ERROR, refused.message), { Connection: 'close' });
    const path = request.url?.split('?', 1)[0];
    if (path === HEALTH_PATH) void this.#health(response);
    else if (path !== MCP_PATH && !isTaskPath(path))
      respondJson(response, 404, JSON.stringify({ error: 'not_found', error_description: `The server is at ${MCP_PATH}.` }));
    else if (request.method === 'OPTIONS') respondEmpty(response, 204, preflightHeaders(request));
    else if (this.#closing)
      respondJson(response, 503, errorJson(null, TRANSPORT_ERROR, 'The server is shutting down.'), {
        'Retry-After': '5',
        Connection: 'close',
      });
    else this.#identify(request, response);
  }

  async close(server: Server, patienceMs: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const { modern, legacy } = this.#options.eras;
    modern.quiet();
    legacy.quiet();
    server.closeIdleConnections();
    await this.#requests.emptied(patienceMs);
    await modern.close();
    await legacy.close();
    server.closeAllConnections();
    await closed;
  }

  #identify(request: IncomingMessage, response: ServerResponse): void {
    const { authenticator } = this.#options;
    if (authenticator === undefined) return this.#receive(request, response, localUser);
    const verdict = authenticator.authenticate(request.headers.authorization);
    if (verdict instanceof Promise)
      verdict.then((late) => this.#judge(request, response, late)).catch((error) => this.#failed(response, error));
    else this.#judge(request, response, verdict);
  }

  #judge(request: IncomingMessage, response: ServerResponse, verdict: AuthResult): void {
    if ('principal' in verdict) return this.#receive(request, response, verdict.principal);
    const { status, json, headers } = identityChallenge(verdict.refusal);
    this.#options.log.info('Refused a credential', { reason: verdict.refusal.reason });
    respondJson(response, status, json, headers);
  }

  #receive(request: IncomingMessage, response: ServerResponse, principal: Principal): void {
    const path = request.url?.split('?', 1)[0];
    if (isTaskPath(path)) return void this.#task(request, response, path, principal);
    const exchange = new HttpExchange(request, response, principal);
    Object.assign(exchange.headers, corsHeaders(request));
    const { legacy } = this.#options.eras;
    if (request.method === 'POST') this.#post(request, exchange).catch((error) => this.#failed(response, error));
    else if (request.method === 'GET') legacy.openStream(exchange);
    else if (request.method === 'DELETE') legacy.endSession(exchange);
    else exchange.reply(405, errorJson(null, TRANSPORT_ERROR, 'Send messages with POST.'), { Allow: legacy.methods });
  }

  async #post(request: IncomingMessage, exchange: HttpExchange): Promise<void> {
    const body = await readBody(request, this.#options.limits);
    if ('refused' in body) return exchange.replyToSender(body.refused.status, errorJson(null, body.refused.code, body.refused.message));
    await routeMessage(body.json, exchange, this.#options.eras);
  }

  async #task({ method }: IncomingMessage, response: ServerResponse, path: string, principal: Principal): Promise<void> {
    if (method !== 'GET') return respondJson(response, 405, JSON.stringify({ error: 'method_not_allowed' }), { Allow: 'GET' });
    try {
      const task = await this.#options.findTask(path.slice(TASKS_PATH.length), principal);
      if (task === undefined)
        respondJson(
          response,
          404,
          JSON.stringify({ error: 'not_found', error_description: 'There is no such task, or its time is over.' }),
        );
      else respondJson(response, 200, JSON.stringify(task), { 'Cache-Control': 'no-store' });
    } catch (error) {
      this.#failed(response, error);
    }
  }

  async #health(response: ServerResponse): Promise<void> {
    try {
      const report = await this.#options.health();
      respondJson(response, report.status === 'down' ? 503 : 200, JSON.stringify(report), { 'Cache-Control': 'no-store' });
    } catch (error) {
      this.#failed(response, error);
    }
  }

  #failed(response: ServerResponse, error: unknown): void {
    if (response.destroyed) return;
    this.#options.log.error('Request failed', { error });
    respondJson(response, 500, errorJson(null, INTERNAL_ERROR, 'Something went wrong inside the server; the log has the details.'));
    if (!response.writableEnded) response.end();
  }
}

function isTaskPath(path: string | undefined): path is string {
  return path?.startsWith(TASKS_PATH) === true;
}

/** Pages of an allowed origin may read answers; the guard has seen to the others. */
function corsHeaders({ headers: { origin } }: IncomingMessage): Record<string, string> {
  return origin === undefined
    ? {}
    : { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': 'Mcp-Session-Id, WWW-Authenticate', Vary: 'Origin' };
}

function preflightHeaders(request: IncomingMessage): Record<string, string> {
  return {
    ...corsHeaders(request),
    'Access-Control-Allow-Methods': 'POST, GET, DELETE',
    'Access-Control-Allow-Headers':
      'Authorization, Content-Type, Accept, Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Last-Event-ID',
    'Access-Control-Max-Age': '600',
  };
}

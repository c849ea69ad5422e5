import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Authenticator, type AuthResult, type Principal, RefusalLimiter } from '@fairway-mcp/auth';
import type { Log } from '@fairway-mcp/telemetry';
import { ToolError } from '../protocol/errors.ts';
import { errorJson, INTERNAL_ERROR, TRANSPORT_ERROR } from '../protocol/json-rpc.ts';
import { InFlight } from '../util/in-flight.ts';
import { type BodyLimits, readBody } from './body.ts';
import { type Challenge, CREDENTIALS_UNCHECKED, identityChallenge, tooManyRefusals } from './challenge.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import type { Eras } from './eras.ts';
import { HttpExchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { OpenStreams } from './open-streams.ts';
import { respondEmpty, respondJson } from './respond.ts';
import { routeMessage } from './route.ts';

export const MCP_PATH = '/mcp';
const HEALTH_PATH = '/health';
const TASKS_PATH = '/tasks/';

export interface HandlerOptions {
  guard: Guard;
  authenticator: Authenticator;
  limits: BodyLimits & { refusalLimit: number };
  eras: Eras;
  /** Finds the task of `GET /tasks/{id}`, if it is the caller's. Rejects with a ToolError `rate_limited` when that is asked too often. */
  findTask: (id: string, principal: Principal) => Promise<object | undefined>;
  /** Answers `GET /health`. */
  health: () => Promise<{ status: string }>;
  log: Log;
}

/** Handles HTTP requests up to their protocol era: Host and Origin, path, authentication, body. */
export class HttpHandler {
  readonly #options: HandlerOptions;
  readonly #inFlight = new InFlight();
  readonly #openStreams: OpenStreams;
  readonly #refusals: RefusalLimiter;
  #isDraining = false;

  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#openStreams = new OpenStreams(options.authenticator);
    this.#refusals = new RefusalLimiter(options.limits.refusalLimit);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    this.#inFlight.start();
    response.on('close', () => this.#inFlight.finish());
    const rejection = this.#options.guard.check(request.headers);
    if (rejection !== undefined)
      return respondJson(response, rejection.status, errorJson(null, TRANSPORT_ERROR, rejection.message), { Connection: 'close' });
    const path = request.url?.split('?', 1)[0];
    if (path === HEALTH_PATH) void this.#sendHealth(response);
    else if (path !== MCP_PATH && !isTaskPath(path))
      respondJson(response, 404, JSON.stringify({ error: 'not_found', error_description: `The server is at ${MCP_PATH}.` }));
    else if (request.method === 'OPTIONS') respondEmpty(response, 204, preflightHeaders(request));
    else if (this.#isDraining)
      respondJson(response, 503, errorJson(null, TRANSPORT_ERROR, 'The server is shutting down.'), {
        'Retry-After': '5',
        Connection: 'close',
      });
    else this.#authenticate(request, response);
  }

  /** Rejects new requests and ends the streams that wait for notifications. */
  startDraining(): void {
    this.#isDraining = true;
    this.#options.eras.modern.endStreams();
    this.#options.eras.legacy.endStreams();
  }

  /** Resolves when every request has been answered, or after the given time. */
  settled(timeoutMs: number): Promise<void> {
    return this.#inFlight.settled(timeoutMs);
  }

  async close(): Promise<void> {
    await this.#options.eras.modern.close();
    await this.#options.eras.legacy.close();
  }

  #authenticate(request: IncomingMessage, response: ServerResponse): void {
    const waitSeconds = this.#refusals.isEmpty ? undefined : this.#secondsToWait(request);
    if (waitSeconds !== undefined) return sendChallenge(response, tooManyRefusals(waitSeconds));
    const result = this.#options.authenticator.authenticate(request.headers.authorization);
    if (!(result instanceof Promise)) return this.#authenticated(request, response, result);
    result
      .then(
        (late) => this.#authenticated(request, response, late),
        (error) => {
          this.#options.log.error('A credential could not be checked', { error });
          sendChallenge(response, CREDENTIALS_UNCHECKED);
        },
      )
      .catch((error) => this.#fail(response, error));
  }

  /** A caller whose credential was accepted before does not wait for what others do from its address, for example through the same proxy. */
  #secondsToWait({ headers: { authorization }, socket }: IncomingMessage): number | undefined {
    if (authorization === undefined || this.#options.authenticator.wasAccepted(authorization)) return undefined;
    return this.#refusals.waitSeconds(socket.remoteAddress);
  }

  #authenticated(request: IncomingMessage, response: ServerResponse, result: AuthResult): void {
    if ('principal' in result) return this.#dispatch(request, response, result.principal);
    const { reason } = result.refusal;
    const { remoteAddress: address } = request.socket;
    // Clients ask without a credential first, to learn which one is needed.
    if (reason === 'missing') this.#options.log.info('A credential is missing', { address });
    else this.#options.log.warn('Refused a credential', { reason, address, refused: this.#refusals.add(address) });
    sendChallenge(response, identityChallenge(result.refusal));
  }

  #dispatch(request: IncomingMessage, response: ServerResponse, principal: Principal): void {
    const path = request.url?.split('?', 1)[0];
    if (isTaskPath(path)) return void this.#sendTask(request, response, path, principal);
    const exchange = new HttpExchange(request, response, principal, this.#openStreams);
    Object.assign(exchange.headers, corsHeaders(request));
    const { legacy } = this.#options.eras;
    if (request.method === 'POST') this.#receive(request, exchange).catch((error) => this.#fail(response, error));
    else if (request.method === 'GET') legacy.openStream(exchange);
    else if (request.method === 'DELETE') legacy.endSession(exchange);
    else exchange.reply(405, errorJson(null, TRANSPORT_ERROR, 'Send messages with POST.'), { Allow: legacy.methods });
  }

  async #receive(request: IncomingMessage, exchange: HttpExchange): Promise<void> {
    const body = await readBody(request, this.#options.limits);
    if (!('rejected' in body)) return routeMessage(body.json, exchange, this.#options.eras);
    const { status, code, message } = body.rejected;
    exchange.replyToSender(status, errorJson(null, code, message));
  }

  async #sendTask({ method }: IncomingMessage, response: ServerResponse, path: string, principal: Principal): Promise<void> {
    if (method !== 'GET') return respondJson(response, 405, JSON.stringify({ error: 'method_not_allowed' }), { Allow: 'GET' });
    try {
      const task = await this.#options.findTask(path.slice(TASKS_PATH.length), principal);
      if (task !== undefined) return respondJson(response, 200, JSON.stringify(task), { 'Cache-Control': 'no-store' });
      const error = { error: 'not_found', error_description: 'There is no such task, or it has expired.' };
      respondJson(response, 404, JSON.stringify(error));
    } catch (error) {
      if (error instanceof ToolError) sendTooMany(response, error);
      else this.#fail(response, error);
    }
  }

  async #sendHealth(response: ServerResponse): Promise<void> {
    try {
      const report = await this.#options.health();
      respondJson(response, report.status === 'down' ? 503 : 200, JSON.stringify(report), { 'Cache-Control': 'no-store' });
    } catch (error) {
      this.#fail(response, error);
    }
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (response.destroyed) return;
    this.#options.log.error('Request failed', { error });
    respondJson(response, 500, errorJson(null, INTERNAL_ERROR, 'Something went wrong inside the server; the log has the details.'));
    if (!response.writableEnded) response.end();
  }
}

function sendChallenge(response: ServerResponse, { status, json, headers }: Challenge): void {
  respondJson(response, status, json, headers);
}

function sendTooMany(response: ServerResponse, { kind, message, remedy, retryAfterS = 1 }: ToolError): void {
  const json = JSON.stringify({ error: kind, error_description: `${message} ${remedy}` });
  respondJson(response, 429, json, { 'Retry-After': String(retryAfterS) });
}

function isTaskPath(path: string | undefined): path is string {
  return path?.startsWith(TASKS_PATH) === true;
}

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '@fairway-mcp/auth';
import { respondEmpty, respondJson } from './respond.ts';

export type RequestId = string | number;

export interface JsonRpcRequest {
  id: RequestId;
  method: string;
  params: Readonly<Record<string, unknown>>;
}

/** Whoever is waiting for the answer to one JSON-RPC request. */
export interface Recipient {
  /** The id under which the client knows the request; `null` while no request has been read. */
  readonly id: RequestId | null;
  /** A message that belongs to the request and comes before its answer: a notification, or a question to the client. */
  receive(message: object): void;
  /** The answer, already under the client's id, as JSON text. */
  finish(json: string, status?: number): void;
}

/** One request and the way back to whoever sent it. */
export interface Exchange extends Recipient {
  id: RequestId | null;
  readonly principal: Principal;
  readonly requestHeaders: IncomingHttpHeaders;
  /** Headers that the response carries besides its own (session id, CORS). */
  readonly headers: Record<string, string>;
  /** Fires when the client goes away before it has its answer, or cancels. */
  readonly signal: AbortSignal;
  /** Whether the client can be told things before the answer. */
  readonly canStream: boolean;
  cancel(reason: string): void;
  /** An answer with a body of JSON. */
  reply(status: number, json: string, headers?: Record<string, string>): void;
  /** An answer without a body. */
  replyEmpty(status: number, headers?: Record<string, string>): void;
  /** Ends the response without an answer: the client has said that it wants none any more. */
  leave(): void;
  /** Calls back when the response is over, however it ended. */
  onOver(listener: () => void): void;
}

const SSE_TYPE = 'text/event-stream';
const KEEP_ALIVE_MS = 15_000;

/**
 * An HTTP request and its response. It answers with plain JSON, and turns into an event stream when something has to be
 * told before the answer.
 */
export class HttpExchange implements Exchange {
  id: RequestId | null = null;
  readonly principal: Principal;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly headers: Record<string, string> = {};
  readonly #response: ServerResponse;
  #controller: AbortController | undefined;
  #gone = false;
  #streaming = false;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, principal: Principal) {
    this.requestHeaders = request.headers;
    this.principal = principal;
    this.#response = response;
    response.on('close', () => this.#closed());
  }

  get signal(): AbortSignal {
    return this.#aborter().signal;
  }

  get canStream(): boolean {
    const { accept } = this.requestHeaders;
    return accept === undefined || accept.includes(SSE_TYPE) || accept.includes('*/*');
  }

  cancel(reason: string): void {
    this.#aborter().abort(new Error(reason));
  }

  receive(message: object): void {
    if (this.#isOver || !this.canStream) return;
    this.openStream();
    this.#response.write(frame(JSON.stringify(message)));
  }

  finish(json: string, status = 200): void {
    if (!this.#streaming) this.reply(status, json);
    else if (!this.#isOver) this.#response.end(frame(json));
  }

  reply(status: number, json: string, headers: Record<string, string> = {}): void {
    respondJson(this.#response, status, json, { ...this.headers, ...headers });
  }

  replyEmpty(status: number, headers: Record<string, string> = {}): void {
    respondEmpty(this.#response, status, { ...this.headers, ...headers });
  }

  /** An answer to somebody who is still sending. To close at once would take it from them before they have read it. */
  replyToSender(status: number, json: string): void {
    this.#response.shouldKeepAlive = true;
    this.reply(status, json);
  }

  /** Turns the response into an event stream that is kept alive. */
  openStream(): void {
    if (this.#streaming || this.#isOver) return;
    this.#streaming = true;
    this.#response.writeHead(200, {
      ...this.headers,
      'Content-Type': SSE_TYPE,
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    });
    this.#response.flushHeaders();
    this.#keepAlive = setInterval(() => this.#response.write(': keep-alive\n\n'), KEEP_ALIVE_MS);
    this.#keepAlive.unref();
  }

  endStream(): void {
    if (!this.#isOver) this.#response.end();
  }

  leave(): void {
    this.openStream();
    this.endStream();
  }

  onOver(listener: () => void): void {
    this.#response.on('close', listener);
  }

  get #isOver(): boolean {
    return this.#gone || this.#response.writableEnded;
  }

  /** Made when first needed: most requests are answered before anyone asks for their signal. */
  #aborter(): AbortController {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#gone) this.#controller.abort(new Error('The client went away.'));
    }
    return this.#controller;
  }

  #closed(): void {
    clearInterval(this.#keepAlive);
    if (this.#response.writableFinished) return;
    this.#gone = true;
    this.#controller?.abort(new Error('The client went away.'));
  }
}

/** One message of a batch. Its answer is collected; what comes before the answer has no place to go. */
export class BatchPart implements Exchange {
  id: RequestId | null = null;
  readonly principal: Principal;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly headers: Record<string, string> = {};
  readonly canStream = false;
  readonly #batch: Exchange;
  readonly #controller = new AbortController();
  readonly #answer = Promise.withResolvers<string | undefined>();

  constructor(batch: Exchange) {
    this.#batch = batch;
    this.principal = batch.principal;
    this.requestHeaders = batch.requestHeaders;
  }

  /** The answer as JSON text; `undefined` for messages that want none. */
  get answer(): Promise<string | undefined> {
    return this.#answer.promise;
  }

  get signal(): AbortSignal {
    return AbortSignal.any([this.#batch.signal, this.#controller.signal]);
  }

  cancel(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  receive(): void {}

  finish(json: string): void {
    this.#answer.resolve(json);
  }

  reply(_status: number, json: string): void {
    this.#answer.resolve(json);
  }

  replyEmpty(): void {
    this.#answer.resolve(undefined);
  }

  leave(): void {
    this.#answer.resolve(undefined);
  }

  onOver(listener: () => void): void {
    this.#answer.promise.then(listener);
  }
}

function frame(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}

/** A JSON-RPC error as text. */
export function errorJson(id: RequestId | null, code: number, message: string, data?: unknown): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } });
}

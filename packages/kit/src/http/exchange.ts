import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '@fairway-mcp/auth';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { OpenStreams } from './open-streams.ts';
import { respondEmpty, respondJson } from './respond.ts';

/** Receives the answer to one JSON-RPC request. */
export interface Recipient {
  /** The id under which the client knows the request; `null` while no request has been read. */
  readonly id: RequestId | null;
  /** A message that belongs to the request and comes before its answer: a notification, or a request to the client. */
  receive(message: object): void;
  /** The answer as JSON text, already with the client's id. */
  finish(json: string, status?: number): void;
}

/** One request and its response. */
export interface Exchange extends Recipient {
  id: RequestId | null;
  readonly principal: Principal;
  readonly requestHeaders: IncomingHttpHeaders;
  /** Headers that the response carries besides its own (session id, CORS). */
  readonly headers: Record<string, string>;
  /** Fires when the client disconnects before it has its answer, or cancels. */
  readonly signal: AbortSignal;
  /** Resolves when the connection has taken the message. */
  receive(message: object): Promise<void>;
  /** Whether the client accepts messages before the answer. */
  readonly canStream: boolean;
  cancel(reason: string): void;
  /** An answer with a body of JSON. */
  reply(status: number, json: string, headers?: Record<string, string>): void;
  /** An answer without a body. */
  replyEmpty(status: number, headers?: Record<string, string>): void;
  /** Ends the response without an answer, because the client has cancelled. */
  endUnanswered(): void;
  /** Calls back when the response has closed, however it ended. */
  onClose(listener: () => void): void;
}

const SSE_TYPE = 'text/event-stream';
const KEEP_ALIVE_MS = 15_000;

/**
 * An HTTP request and its response. It answers with JSON, and becomes an event stream when a message has to be sent before the answer.
 */
export class HttpExchange implements Exchange {
  id: RequestId | null = null;
  readonly principal: Principal;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly headers: Record<string, string> = {};
  readonly #response: ServerResponse;
  readonly #openStreams: OpenStreams;
  #controller: AbortController | undefined;
  #disconnected = false;
  #streaming = false;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, principal: Principal, openStreams: OpenStreams) {
    this.requestHeaders = request.headers;
    this.principal = principal;
    this.#response = response;
    this.#openStreams = openStreams;
    response.on('close', () => this.#onResponseClose());
  }

  get signal(): AbortSignal {
    return this.#abortController().signal;
  }

  get canStream(): boolean {
    const { accept } = this.requestHeaders;
    return accept === undefined || accept.includes(SSE_TYPE) || accept.includes('*/*');
  }

  cancel(reason: string): void {
    this.#abortController().abort(new Error(reason));
  }

  async receive(message: object): Promise<void> {
    if (this.#isClosed || !this.canStream) return;
    this.openStream();
    await new Promise<void>((resolve) => this.#response.write(frame(JSON.stringify(message)), () => resolve()));
  }

  finish(json: string, status = 200): void {
    if (!this.#streaming) this.reply(status, json);
    else if (!this.#isClosed) this.#response.end(frame(json));
  }

  reply(status: number, json: string, headers: Record<string, string> = {}): void {
    respondJson(this.#response, status, json, { ...this.headers, ...headers });
  }

  replyEmpty(status: number, headers: Record<string, string> = {}): void {
    respondEmpty(this.#response, status, { ...this.headers, ...headers });
  }

  /** An answer to a client that is still sending. Closing the connection at once would discard it before the client has read it. */
  replyToSender(status: number, json: string): void {
    this.#response.shouldKeepAlive = true;
    this.reply(status, json);
  }

  /** Turns the response into an event stream that is kept alive. */
  openStream(): void {
    if (this.#streaming || this.#isClosed) return;
    this.#streaming = true;
    this.#openStreams.add(this);
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
    if (!this.#isClosed) this.#response.end();
  }

  endUnanswered(): void {
    this.openStream();
    this.endStream();
  }

  onClose(listener: () => void): void {
    this.#response.on('close', listener);
  }

  get #isClosed(): boolean {
    return this.#disconnected || this.#response.writableEnded;
  }

  /** Created at the first use: most requests are answered before their signal is needed. */
  #abortController(): AbortController {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#disconnected) this.#controller.abort(new Error('The client disconnected.'));
    }
    return this.#controller;
  }

  #onStreamClose(): void {
    clearInterval(this.#keepAlive);
    this.#openStreams.delete(this);
  }

  #onResponseClose(): void {
    if (this.#streaming) this.#onStreamClose();
    if (this.#response.writableFinished) return;
    this.#disconnected = true;
    this.#controller?.abort(new Error('The client disconnected.'));
  }
}

function frame(json: string): string {
  return `event: message\ndata: ${json}\n\n`;
}

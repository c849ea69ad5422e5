import type { Readable, Writable } from 'node:stream';
import { waitAtMost } from '@fairway-mcp/async';
import { isJSONRPCRequest, type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import { echoId, INVALID_REQUEST, nestsDeeperThan, PARSE_ERROR } from '../protocol/json-rpc.ts';
import { ByteCollector } from '../util/byte-collector.ts';
import { OutputQueue, type UnreadLimits } from './output-queue.ts';
import { cancelledId, RequestsInFlight } from './requests-in-flight.ts';

export interface WireLimits {
  maxBodyBytes: number;
  maxJsonDepth: number;
  /** How many requests may be in flight before no further ones are read. */
  maxInFlight: number;
  unread: UnreadLimits;
}

/** Why a connection ended. */
export type StdioEnd = 'the client closed stdin' | 'the client does not read';

const NEWLINE = 10;
/** How long the last answers may take to leave when the connection closes. */
const FLUSH_TIMEOUT_MS = 2_000;

/**
 * MCP's stdio framing, one JSON message a line, with what the SDK's own transport lacks: limits for size and depth, an error for lines that
 * are no message, bounds for what is in flight and what the client leaves unread, and a shutdown that loses nothing: when stdin ends, requests in flight are
 * answered first.
 */
export class StdioWire implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: Transport['onmessage'];
  readonly #input: Readable;
  readonly #output: OutputQueue;
  readonly #limits: WireLimits;
  readonly #unanswered = new Set<string | number>();
  readonly #ended = Promise.withResolvers<StdioEnd>();
  readonly #inFlight: RequestsInFlight;
  readonly #line: ByteCollector;
  #settled: (() => void) | undefined;
  /** The current line is too long: its bytes are dropped until it ends. */
  #skipping = false;
  #isPaused = false;
  #isDraining = false;
  #closed = false;

  constructor(input: Readable, output: Writable, limits: WireLimits) {
    this.#input = input;
    this.#limits = limits;
    this.#inFlight = new RequestsInFlight(limits.maxInFlight);
    this.#line = new ByteCollector(limits.maxBodyBytes);
    this.#output = new OutputQueue(output, limits.unread, {
      onDrained: () => this.#readOn(),
      onBroken: () => this.#disconnect('the client closed stdin'),
      onStalled: () => this.#disconnect('the client does not read'),
    });
  }

  /** Resolves when the client has closed stdin, when the connection is broken, or when the client reads no answers. */
  get ended(): Promise<StdioEnd> {
    return this.#ended.promise;
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#input.on('end', () => {
      // The last line may lack its line feed.
      this.#finishLine();
      this.#ended.resolve('the client closed stdin');
    });
    this.#input.on('close', () => this.#ended.resolve('the client closed stdin'));
    this.#input.on('error', (error) => this.onerror?.(error));
  }

  /** Takes no more requests and resolves when those in flight are answered, or after the given time. */
  async drain(timeoutMs: number): Promise<void> {
    this.#isDraining = true;
    this.#input.pause();
    if (this.#unanswered.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled = resolve;
    await waitAtMost(timeoutMs, promise);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#isDraining = true;
    this.#input.pause();
    await waitAtMost(FLUSH_TIMEOUT_MS, this.#output.flushed());
    this.onclose?.();
  }

  send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('The connection is closed.'));
    const isAnswer = !('method' in message);
    this.#inFlight.sent(message);
    this.#readOn();
    return new Promise((resolve, reject) => {
      this.#output.write(`${JSON.stringify(message)}\n`, (error) => {
        if (isAnswer && message.id !== undefined) this.#answered(message.id);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** No answer can be delivered any more, so none is waited for. */
  #disconnect(reason: StdioEnd): void {
    this.#input.pause();
    this.#unanswered.clear();
    this.#settled?.();
    this.#ended.resolve(reason);
  }

  /** In a turn of its own, so that what was read before gets on first. */
  #readOn(): void {
    if (!this.#isPaused || this.#output.isFull || !this.#inFlight.hasRoom) return;
    this.#isPaused = false;
    setImmediate(() => {
      if (!this.#isDraining) this.#input.resume();
    });
  }

  #answered(id: string | number): void {
    this.#unanswered.delete(id);
    if (this.#unanswered.size === 0) this.#settled?.();
  }

  /** Reads the lines of a chunk. While too much is in flight or unread, the rest waits in the input. */
  #read(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#collect(chunk.subarray(start, end));
      this.#finishLine();
      start = end + 1;
      if (this.#output.isFull || this.#inFlight.isFull) return this.#pauseBefore(chunk.subarray(start));
    }
    if (start < chunk.length) this.#collect(chunk.subarray(start));
  }

  #pauseBefore(rest: Buffer): void {
    this.#isPaused = true;
    this.#input.pause();
    if (rest.length > 0) this.#input.unshift(rest);
  }

  #collect(bytes: Buffer): void {
    if (!this.#skipping) this.#skipping = !this.#line.add(bytes);
  }

  #finishLine(): void {
    const line = this.#skipping ? undefined : this.#line.takeText().trim();
    this.#skipping = false;
    if (line === undefined) this.#reject(null, INVALID_REQUEST, `The message is larger than ${this.#limits.maxBodyBytes} bytes.`);
    else if (line !== '') this.#deliver(line);
  }

  #deliver(line: string): void {
    if (nestsDeeperThan(line, this.#limits.maxJsonDepth)) {
      this.#reject(null, INVALID_REQUEST, `The message nests deeper than ${this.#limits.maxJsonDepth} levels.`);
      return;
    }
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      this.#reject(null, PARSE_ERROR, 'The line is not JSON. Send one JSON-RPC message a line.');
      return;
    }
    const message = parsedMessage(parsed);
    if (message === undefined) {
      this.#reject(echoId(parsed), INVALID_REQUEST, 'The line is not a JSON-RPC 2.0 message.');
      return;
    }
    this.#track(message);
    this.onmessage?.(message);
  }

  /** Tracks what has to be answered before the process may end. */
  #track(message: JSONRPCMessage): void {
    const isListening = isJSONRPCRequest(message) && message.method === 'subscriptions/listen';
    if (!isListening) this.#inFlight.received(message);
    if (isJSONRPCRequest(message)) {
      if (!isListening) this.#unanswered.add(message.id);
    } else if ('method' in message && message.method === 'notifications/cancelled') {
      const id = cancelledId(message);
      if (id !== undefined) this.#answered(id);
    }
  }

  #reject(id: string | number | null, code: number, message: string): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  }
}

function parsedMessage(value: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(value);
  } catch {
    return undefined;
  }
}

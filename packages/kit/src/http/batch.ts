import type { IncomingHttpHeaders } from 'node:http';
import type { Principal } from '@fairway-mcp/auth';
import { isJSONRPCNotification, isJSONRPCRequest, isJSONRPCResponse, PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server';
import { asRequest, errorJson, INVALID_REQUEST, isObject, type JsonRpcRequest, type RequestId } from '../protocol/json-rpc.ts';
import { MODERN_VERSION } from '../protocol/versions.ts';
import type { LegacyEra } from './eras.ts';
import type { Exchange } from './exchange.ts';

const MAX_BATCH = 100;

/**
 * A batch, which exists in the 2025-03-26 protocol only. Each message is routed by itself; the answers are sent together.
 * Two requests of one id would leave the client with one answer too few, so such a batch is rejected as a whole.
 * @param route routes one message
 */
export async function routeBatch(
  batch: readonly unknown[],
  exchange: Exchange,
  legacy: LegacyEra,
  route: (message: unknown, exchange: Exchange) => Promise<void>,
): Promise<void> {
  const requests = batch.map(asRequest);
  const problem = batchProblem(batch, requests);
  if (problem !== undefined) return exchange.finish(errorJson(null, INVALID_REQUEST, problem), 400);
  if (legacy.rejects(exchange)) return;
  const parts = batch.map(() => new BatchPart(exchange));
  await Promise.all(parts.map((part, index) => route(batch[index], part)));
  const answers = await Promise.all(parts.map((part) => part.answer));
  const texts = answers.filter((text) => text !== undefined);
  if (texts.length === 0) exchange.replyEmpty(202);
  else exchange.finish(`[${texts.join(',')}]`);
}

function batchProblem(batch: readonly unknown[], requests: readonly (JsonRpcRequest | undefined)[]): string | undefined {
  const ids = requests.flatMap((request) => (request === undefined ? [] : [request.id]));
  if (batch.length === 0) return 'The batch is empty.';
  if (batch.length > MAX_BATCH) return `The batch has more than ${MAX_BATCH} messages.`;
  if (new Set(ids).size !== ids.length) return 'Two requests of the batch have the same id.';
  const isModern = batch.some(
    (message) =>
      isObject(message) && isObject(message.params) && isObject(message.params._meta) && PROTOCOL_VERSION_META_KEY in message.params._meta,
  );
  if (isModern) return `Protocol ${MODERN_VERSION} has no batches: send one message a request.`;
  if (requests.some((request) => request?.method === 'initialize')) return 'A batch cannot hold initialize.';
  return batch.every(isMessage) ? undefined : 'The batch holds something that is no JSON-RPC message.';
}

function isMessage(message: unknown): boolean {
  return isJSONRPCRequest(message) || isJSONRPCNotification(message) || isJSONRPCResponse(message);
}

/** One message of a batch. Its answer is collected; messages before the answer cannot be sent and are dropped. */
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

  /** The answer as JSON text; `undefined` for messages that have none. */
  get answer(): Promise<string | undefined> {
    return this.#answer.promise;
  }

  get signal(): AbortSignal {
    return AbortSignal.any([this.#batch.signal, this.#controller.signal]);
  }

  cancel(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  async receive(): Promise<void> {}

  finish(json: string): void {
    this.#answer.resolve(json);
  }

  reply(_status: number, json: string): void {
    this.#answer.resolve(json);
  }

  replyEmpty(): void {
    this.#answer.resolve(undefined);
  }

  endUnanswered(): void {
    this.#answer.resolve(undefined);
  }

  onClose(listener: () => void): void {
    this.#answer.promise.then(listener);
  }
}

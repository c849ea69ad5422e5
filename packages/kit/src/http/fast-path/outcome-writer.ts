import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import { errorJson, INVALID_PARAMS, type RequestId } from '../../protocol/json-rpc.ts';
import type { Era } from '../../protocol/versions.ts';
import type { TaskOutcome } from '../../tasks/outcome.ts';
import { scopeChallenge } from '../challenge.ts';
import type { Exchange } from '../exchange.ts';

/**
 * Writes the outcome of a tool call as the text of a response. The SDK would serialize the answer again; here the JSON of its structured
 * part, serialized once, is copied into place.
 */
export interface OutcomeWriter {
  send(exchange: Exchange, outcome: TaskOutcome): void;
}

/** @param serverInfo what a modern answer carries about the server in `_meta`. */
export function createOutcomeWriter(era: Era, serverInfo: object): OutcomeWriter {
  const identity = { [SERVER_INFO_META_KEY]: serverInfo };
  const complete = era === 'modern' ? ',"resultType":"complete"' : '';
  const endWithoutMeta = era === 'modern' ? `${complete},"_meta":${JSON.stringify(identity)}}}` : '}}';

  function json(id: RequestId | null, outcome: TaskOutcome): string {
    if (outcome.kind === 'no such tool') return errorJson(id, INVALID_PARAMS, outcome.message);
    const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
    if (outcome.kind === 'input required') {
      const { inputRequests, requestState } = outcome;
      return `${start}${JSON.stringify({ resultType: 'input_required', inputRequests, requestState, _meta: identity })}}`;
    }
    if (outcome.kind === 'task') return `${start}${JSON.stringify({ ...outcome.task, resultType: 'task', _meta: identity })}}`;
    const { content, structured, isError, meta } = outcome.kind === 'forbidden' ? outcome.answer : outcome;
    const middle = `${structured === undefined ? '' : `,"structuredContent":${structured.json}`}${isError ? ',"isError":true' : ''}`;
    const end =
      meta === undefined ? endWithoutMeta : `${complete},"_meta":${JSON.stringify(era === 'modern' ? { ...meta, ...identity } : meta)}}}`;
    return `${start}{"content":${JSON.stringify(content)}${middle}${end}`;
  }

  return {
    send(exchange, outcome) {
      if (outcome.kind !== 'forbidden') return exchange.finish(json(exchange.id, outcome));
      const { status, json: body, headers } = scopeChallenge(outcome.scope);
      exchange.reply(status, body, headers);
    },
  };
}

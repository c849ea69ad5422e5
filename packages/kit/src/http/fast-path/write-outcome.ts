import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import type { Outcome } from '../../pipeline/outcome.ts';
import type { Era } from '../../protocol/caller.ts';
import { INVALID_PARAMS } from '../../protocol/json-rpc.ts';
import { scopeChallenge } from '../challenge.ts';
import { type Exchange, errorJson, type RequestId } from '../exchange.ts';

/**
 * Writes the outcome of a tool call as the bytes of a response. The SDK would do the same in several passes over the
 * answer; here its JSON, made once, is put in place. The differential test holds the two against each other.
 */
export interface AnswerWriter {
  json(id: RequestId | null, outcome: Outcome): string;
  send(exchange: Exchange, outcome: Outcome): void;
}

/** @param serverInfo what a modern answer carries of the server in `_meta`. */
export function answerWriter(era: Era, serverInfo: object): AnswerWriter {
  const identity = { [SERVER_INFO_META_KEY]: serverInfo };
  const complete = era === 'modern' ? ',"resultType":"complete"' : '';
  const plainEnd = era === 'modern' ? `${complete},"_meta":${JSON.stringify(identity)}}}` : '}}';

  function json(id: RequestId | null, outcome: Outcome): string {
    if (outcome.kind === 'no such tool') return errorJson(id, INVALID_PARAMS, outcome.message);
    const start = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
    if (outcome.kind === 'question') {
      const { inputRequests, requestState } = outcome;
      return `${start}${JSON.stringify({ resultType: 'input_required', inputRequests, requestState, _meta: identity })}}`;
    }
    if (outcome.kind === 'task') return `${start}${JSON.stringify({ ...outcome.task, resultType: 'task', _meta: identity })}}`;
    const { content, structured, isError, meta } = outcome.kind === 'forbidden' ? outcome.answer : outcome;
    const middle = `${structured === undefined ? '' : `,"structuredContent":${structured.json}`}${isError ? ',"isError":true' : ''}`;
    const end =
      meta === undefined ? plainEnd : `${complete},"_meta":${JSON.stringify(era === 'modern' ? { ...meta, ...identity } : meta)}}}`;
    return `${start}{"content":${JSON.stringify(content)}${middle}${end}`;
  }

  return {
    json,
    send(exchange, outcome) {
      if (outcome.kind !== 'forbidden') return exchange.finish(json(exchange.id, outcome));
      const { status, json: body, headers } = scopeChallenge(outcome.scope);
      exchange.reply(status, body, headers);
    },
  };
}

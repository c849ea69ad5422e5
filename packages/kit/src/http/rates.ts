import { announcesChanges, type Catalog } from '../define/catalog.ts';
import { errorParts } from '../pipeline/errors.ts';
import { ToolError } from '../protocol/errors.ts';
import { errorJson, type JsonRpcRequest } from '../protocol/json-rpc.ts';
import type { Era } from '../protocol/versions.ts';
import { TASK_METHODS } from '../tasks/requests.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import { HttpCaller } from './callers.ts';
import type { Exchange } from './exchange.ts';

/** Answers a request that comes too often with an error. @returns whether it did. */
export type RateCheck = (request: JsonRpcRequest, exchange: Exchange) => boolean;

/** What the pipeline admits itself. */
const ADMITTED_LATER = ['tools/call', 'resources/read', 'resources/subscribe', 'prompts/get', 'completion/complete'];
/** What is counted by itself; all other methods, which can have any name, are counted together. */
const COUNTED = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/unsubscribe',
  'subscriptions/listen',
  'logging/setLevel',
]);

/** The rate of requests that are answered at once: lists, pings, handshakes, and what no server knows. */
export function createRateCheck(pipeline: Pick<TaskPipeline, 'limitRate' | 'observe' | 'tasks'>, catalog: Catalog, era: Era): RateCheck {
  const admittedLater = new Set([
    ...ADMITTED_LATER,
    ...(pipeline.tasks === undefined ? [] : TASK_METHODS),
    ...(catalog.hasDynamicList ? ['resources/list'] : []),
    ...(announcesChanges(catalog) ? ['subscriptions/listen'] : []),
  ]);
  return ({ id, method, params }, exchange) => {
    if (admittedLater.has(method)) return false;
    const isCounted = COUNTED.has(method);
    try {
      pipeline.limitRate(exchange.principal, isCounted ? method : 'other methods');
      return false;
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const { code, message, data } = errorParts(error);
      pipeline
        .observe(new HttpCaller(exchange, era, {}, params), { method: isCounted ? method : '_OTHER' })
        .end({ kind: error.kind, code });
      exchange.finish(errorJson(id, code, message, data));
      return true;
    }
  };
}

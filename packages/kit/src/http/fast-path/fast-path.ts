import { PROTOCOL_VERSION_META_KEY, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Catalog } from '../../define/catalog.ts';
import type { ClientCapabilities } from '../../protocol/caller.ts';
import { isObject, type JsonRpcRequest } from '../../protocol/json-rpc.ts';
import { type Era, MODERN_VERSION } from '../../protocol/versions.ts';
import type { Identity } from '../../sdk/identity.ts';
import type { TaskPipeline } from '../../tasks/with-tasks.ts';
import { HttpCaller } from '../callers.ts';
import type { EraFastPath, FastPath } from '../eras.ts';
import type { Exchange } from '../exchange.ts';
import { createOutcomeWriter } from './outcome-writer.ts';
import { createToolListJson } from './tool-list.ts';
import { hasSimpleEnvelope, hasSimpleMeta, isSimpleCall, isSimpleList } from './well-formed.ts';

/**
 * Answers `tools/list` and `tools/call` without the SDK, which validates and serializes each message several times. Requests are taken only
 * when they are certainly well-formed; the differential test compares the answers with the SDK's. Nothing depends on this folder but the
 * line in `../serve.ts` that registers it.
 */
export function createFastPath(pipeline: TaskPipeline, catalog: Catalog, identity: Identity): FastPath {
  return {
    eraOf,
    modern: createEraFastPath('modern', pipeline, catalog, identity),
    legacy: createEraFastPath('legacy', pipeline, catalog, identity),
  };
}

function createEraFastPath(era: Era, pipeline: TaskPipeline, catalog: Catalog, identity: Identity): EraFastPath {
  const { instructions: _instructions, ...serverInfo } = identity;
  const writer = createOutcomeWriter(era, serverInfo);
  const toolList = createToolListJson(catalog, era, serverInfo);

  /** In the legacy era, tools that may ask the user need the session's SDK server, which knows how that era asks. */
  function isAnsweredHere(name: string): boolean {
    const tool = catalog.tools.get(name);
    return tool !== undefined && (era === 'modern' || tool.definition.access === 'read');
  }

  function answerList({ id, method, params }: JsonRpcRequest, exchange: Exchange): void {
    const observation = pipeline.observe(new HttpCaller(exchange, era, {}, params), { method });
    exchange.finish(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${toolList()}}`);
    observation.end();
  }

  return {
    accepts({ method, params }) {
      if (method === 'tools/call') return isSimpleCall(params, era) && isAnsweredHere(params.name);
      return method === 'tools/list' && isSimpleList(params);
    },
    async answer(request: JsonRpcRequest, exchange: Exchange, capabilities: ClientCapabilities) {
      if (request.method === 'tools/list') return answerList(request, exchange);
      const { name, arguments: given } = request.params;
      const caller = new HttpCaller(exchange, era, capabilities, request.params);
      writer.send(exchange, await pipeline.callTool({ name: name as string, arguments: given, caller }));
    },
  };
}

function eraOf({ method, params }: JsonRpcRequest, exchange: Exchange): Era | undefined {
  const meta = params._meta;
  if (!hasSimpleMeta(meta)) return undefined;
  const version = isObject(meta) ? meta[PROTOCOL_VERSION_META_KEY] : undefined;
  const header = exchange.requestHeaders['mcp-protocol-version'];
  if (version === MODERN_VERSION && header === MODERN_VERSION && hasSimpleEnvelope(meta)) return 'modern';
  const isLegacy = version === undefined && (header === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(header)));
  return isLegacy && (method === 'tools/call' || method === 'tools/list') ? 'legacy' : undefined;
}

import { once } from '@fairway-mcp/async';
import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server';
import type { Catalog } from '../../define/catalog.ts';
import type { Era } from '../../protocol/versions.ts';
import { LIST_HINT } from '../../sdk/lists.ts';

/** The result of `tools/list` as JSON text, serialized once: it is by far the largest answer that every client requests. */
export function createToolListJson(catalog: Catalog, era: Era, serverInfo: object): () => string {
  return once(() =>
    JSON.stringify({
      tools: catalog.listings(),
      ...(era === 'modern' && { resultType: 'complete', ...LIST_HINT, _meta: { [SERVER_INFO_META_KEY]: serverInfo } }),
    }),
  );
}

import type { ServerJson } from './server-json.ts';

const OFFICIAL = 'io.modelcontextprotocol.registry/official';

interface Publication {
  status: 'active';
  statusChangedAt: string;
  publishedAt: string;
  updatedAt: string;
  isLatest: boolean;
}

/** The list that registry API v0.1 answers to `GET /v0.1/servers`: what a client may be pointed at. */
export interface Registry {
  servers: readonly { server: ServerJson; _meta: { [OFFICIAL]: Publication } }[];
  metadata: { count: number };
}

/**
 * The registry of the given servers. A version keeps the date under which the registry had it before; one that is new gets
 * the present instant. So the result changes only when a server does.
 */
export function registryOf(servers: readonly ServerJson[], before: Registry | undefined, now: Date): Registry {
  const entries = servers.map((server) => {
    const known = before?.servers.find((entry) => entry.server.name === server.name && entry.server.version === server.version);
    const publishedAt = known?._meta[OFFICIAL].publishedAt ?? now.toISOString();
    const publication = { status: 'active', statusChangedAt: publishedAt, publishedAt, updatedAt: publishedAt, isLatest: true } as const;
    return { server, _meta: { [OFFICIAL]: publication } };
  });
  return { servers: entries, metadata: { count: entries.length } };
}

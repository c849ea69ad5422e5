import type { Authenticator } from '@fairway-mcp/auth';
import type { Log } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import type { Catalog } from '../define/catalog.ts';
import type { Identity } from '../sdk/identity.ts';
import type { SdkServerFactory } from '../sdk/sdk-server.ts';
import type { TaskPipeline } from '../tasks/with-tasks.ts';
import type { Address } from './address.ts';
import type { FastPath } from './eras.ts';
import { createFastPath } from './fast-path/fast-path.ts';
import { createGuard } from './guard.ts';
import { HttpHandler } from './handler.ts';
import { createLegacyEra } from './legacy.ts';
import { type HttpServing, listen } from './listener.ts';
import { createModernEra } from './modern.ts';

export interface HttpParts {
  catalog: Catalog;
  pipeline: TaskPipeline;
  factory: SdkServerFactory;
  identity: Identity;
  authenticator: Authenticator;
  health: () => Promise<{ status: string }>;
  log: Log;
}

/** Serves Streamable HTTP. */
export async function serveOverHttp(address: Address, settings: KitSettings, parts: HttpParts): Promise<HttpServing> {
  const { catalog, pipeline, factory, identity, log } = parts;
  // The only place that names the fast path: with `undefined` here, the SDK answers everything.
  const fastPath: FastPath | undefined = createFastPath(pipeline, catalog, identity);
  const onProtocolError = (error: Error) => log.debug('Protocol error', { error: error.message });
  const sessionLimits = settings.stateless
    ? undefined
    : { maxSessions: settings.maxSessions, idleMs: settings.sessionIdleMinutes * 60_000 };
  const modern = createModernEra({ catalog, pipeline, factory, identity, fastPath: fastPath?.modern, onProtocolError });
  const legacy = await createLegacyEra({ catalog, pipeline, factory, fastPath: fastPath?.legacy, sessionLimits });
  const boundHost = address.host.includes(':') ? `[${address.host}]` : address.host;
  const handler = new HttpHandler({
    guard: createGuard([...settings.allowedHosts, boundHost], settings.allowedOrigins),
    authenticator: parts.authenticator,
    limits: settings,
    eras: { modern, legacy, fastPath },
    findTask: (id, principal) => pipeline.admit(principal, 'tasks/get', async () => pipeline.tasks?.find(id, principal)),
    health: parts.health,
    log,
  });
  return listen({ host: address.host, port: address.port, limits: settings, handler, log });
}

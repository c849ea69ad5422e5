import type { Authenticator } from '@fairway-mcp/auth';
import type { KitSettings } from '../config/kit-settings.ts';
import type { WayDependencies } from '../pipeline/pipeline.ts';
import { UsageError } from '../protocol/errors.ts';
import type { Identity, SdkServerFactory } from '../sdk/sdk-server.ts';
import { createGuard } from './guard.ts';
import { serveLegacy } from './legacy.ts';
import { type HttpServing, listen } from './listener.ts';
import { serveModern } from './modern.ts';

export interface HttpParts {
  dependencies: WayDependencies;
  factory: SdkServerFactory;
  identity: Identity;
  authenticator: Authenticator | undefined;
  health: () => Promise<{ status: string }>;
}

/** Where to listen: `8080`, `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`. Without a host, loopback. */
export interface Address {
  host: string;
  port: number;
  isLoopback: boolean;
}

/** @throws UsageError */
export function parseAddress(text: string): Address {
  const match = /^(?:(\[[0-9a-fA-F:.]+\]|[^:[\]]+):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) throw new UsageError(`--http takes [host:]port, for example 8080 or 127.0.0.1:8080, not "${text}".`);
  const host = (match[1] ?? '127.0.0.1').replaceAll(/[[\]]/g, '');
  return { host, port, isLoopback: host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host) };
}

/** Opens the HTTP side of a server with its settings. */
export async function serveOverHttp(address: Address, settings: KitSettings, parts: HttpParts): Promise<HttpServing> {
  const { dependencies, factory, identity } = parts;
  const sessions = settings.stateless ? undefined : { most: settings.maxSessions, idleMs: settings.sessionIdleMinutes * 60_000 };
  const bound = address.host.includes(':') ? `[${address.host}]` : address.host;
  return listen({
    host: address.host,
    port: address.port,
    guard: createGuard([...settings.allowedHosts, bound], settings.allowedOrigins),
    authenticator: parts.authenticator,
    limits: settings,
    eras: { modern: serveModern(dependencies, factory, identity), legacy: await serveLegacy(dependencies, factory, identity, sessions) },
    findTask: async (id, principal) => dependencies.tasks?.find(id, principal),
    health: parts.health,
    log: dependencies.log,
  });
}

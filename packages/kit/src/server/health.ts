import type { Cache } from '@fairway-mcp/cache';
import type { Database } from '@fairway-mcp/store';
import type { Finding, ServerDescription } from '../define/server.ts';

/** What `GET /health` answers. */
export interface HealthReport {
  /** `down`: calls cannot be answered. `degraded`: some can, or with less. */
  status: 'ok' | 'degraded' | 'down';
  name: string;
  version: string;
  uptime_s: number;
  dependencies: Record<string, DependencyHealth>;
}

export interface DependencyHealth {
  status: 'ok' | 'failed';
  kind?: string;
  detail?: string;
  latency_ms: number;
}

export type Health = () => Promise<HealthReport>;

export interface HealthParts {
  definition: ServerDescription['definition'];
  services: unknown;
  store: Database;
  cache: Cache;
}

/** State and cache are looked at and upstreams asked at most this often, however often somebody asks for the health. */
const OWN_TTL_MS = 1_000;
const UPSTREAM_TTL_MS = 30_000;
const UPSTREAM_PATIENCE_MS = 5_000;

export function createHealth({ definition, services, store, cache }: HealthParts): Health {
  const started = performance.now();
  const state = remembered(() => look(store.kind, () => store.ping()), OWN_TTL_MS);
  const caching = remembered(() => look(cache.port.kind, () => cache.port.ping()), OWN_TTL_MS);
  const upstreams = remembered(() => askUpstreams(definition, services), UPSTREAM_TTL_MS);
  return async () => {
    const [own, kept, others] = await Promise.all([state(), caching(), upstreams()]);
    const dependencies: Record<string, DependencyHealth> = { store: own, cache: kept, ...others };
    const hasFailure = Object.values(dependencies).some(({ status }) => status === 'failed');
    return {
      status: own.status === 'failed' ? 'down' : hasFailure ? 'degraded' : 'ok',
      name: definition.name,
      version: definition.version,
      uptime_s: Math.round((performance.now() - started) / 100) / 10,
      dependencies,
    };
  };
}

async function look(kind: string, ping: () => Promise<void>): Promise<DependencyHealth> {
  const started = performance.now();
  try {
    await ping();
    return { status: 'ok', kind, latency_ms: since(started) };
  } catch {
    // Why it failed is in the log and in `doctor`; this page is public.
    return { status: 'failed', kind, latency_ms: since(started) };
  }
}

async function askUpstreams(definition: HealthParts['definition'], services: unknown): Promise<Record<string, DependencyHealth>> {
  if (definition.health === undefined) return {};
  const started = performance.now();
  let findings: Finding[];
  try {
    findings = await definition.health(services, AbortSignal.timeout(UPSTREAM_PATIENCE_MS));
  } catch {
    findings = [{ name: 'upstream', ok: false, detail: 'The check itself failed.' }];
  }
  const latency_ms = since(started);
  return Object.fromEntries(
    findings.map(({ name, ok, detail }) => [name, { status: ok ? ('ok' as const) : ('failed' as const), detail, latency_ms }]),
  );
}

function remembered<T>(ask: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (answer === undefined || performance.now() > until) {
      answer = ask();
      until = performance.now() + ttlMs;
    }
    return answer;
  };
}

function since(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100;
}

import { waitFor } from '@fairway-mcp/async';
import type { Cache } from '@fairway-mcp/cache';
import type { Database } from '@fairway-mcp/store';
import type { AuditTrail, Redactor } from '@fairway-mcp/telemetry';
import type { Upstream } from '@fairway-mcp/upstream';
import type { ResolvedHost } from '../define/hosts.ts';
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
  /** Of the check; absent where nothing was asked. */
  latency_ms?: number;
}

export type Health = () => Promise<HealthReport>;

export interface HealthParts {
  definition: ServerDescription['definition'];
  services: unknown;
  store: Database;
  cache: Cache;
  audit: AuditTrail;
  redactor: Redactor;
  upstream: Upstream;
  hosts: readonly ResolvedHost[];
}

/** Store and cache, and upstreams, are checked at most this often, however often the health is requested. */
const OWN_TTL_MS = 1_000;
const UPSTREAM_TTL_MS = 30_000;
const UPSTREAM_TIMEOUT_MS = 5_000;
/** A store or cache that takes longer has failed, whatever it says later. */
const OWN_TIMEOUT_MS = 5_000;
/** Audit rows that wait longer than this are stuck. */
const MAX_AUDIT_WAIT_MS = 5_000;

export function createHealth(parts: HealthParts): Health {
  const { definition, store, cache, audit, upstream, hosts } = parts;
  const started = performance.now();
  const checkStore = remembered(() => check(store.kind, () => store.ping()), OWN_TTL_MS);
  const checkCache = remembered(() => check(cache.port.kind, () => cache.port.ping()), OWN_TTL_MS);
  const checkUpstreams = remembered(() => upstreamHealth(parts), UPSTREAM_TTL_MS);
  return async () => {
    const [reached, cacheHealth, upstreams] = await Promise.all([checkStore(), checkCache(), checkUpstreams()]);
    const storeHealth = withAuditWait(reached, audit.waitingMs());
    const dependencies: Record<string, DependencyHealth> = {
      store: storeHealth,
      cache: cacheHealth,
      ...hostHealth(upstream, hosts),
      ...upstreams,
    };
    const hasFailure = Object.values(dependencies).some(({ status }) => status === 'failed');
    return {
      status: storeHealth.status === 'failed' ? 'down' : hasFailure ? 'degraded' : 'ok',
      name: definition.name,
      version: definition.version,
      uptime_s: Math.round((performance.now() - started) / 100) / 10,
      dependencies,
    };
  };
}

async function check(kind: string, ping: () => Promise<void>): Promise<DependencyHealth> {
  const started = performance.now();
  try {
    await waitFor(ping(), { timeoutMs: OWN_TIMEOUT_MS });
    return { status: 'ok', kind, latency_ms: millisecondsSince(started) };
  } catch {
    // The reason is in the log and in `doctor`; this page is public.
    return { status: 'failed', kind, latency_ms: millisecondsSince(started) };
  }
}

/** A store that answers and does not store what calls wait for has failed too. */
function withAuditWait(store: DependencyHealth, waitingMs: number): DependencyHealth {
  if (waitingMs < MAX_AUDIT_WAIT_MS) return store;
  return { ...store, status: 'failed', detail: `Audit rows have been waiting for ${Math.round(waitingMs / 1000)} s to be stored.` };
}

/** What has been seen of each declared host. No host is called for this. */
function hostHealth(upstream: Upstream, hosts: readonly ResolvedHost[]): Record<string, DependencyHealth> {
  const called = upstream.health();
  return Object.fromEntries(
    hosts.map(({ shown, rules }): [string, DependencyHealth] => {
      const states = called
        .filter(({ host }) => rules.some((rule) => rule.host === host))
        .flatMap(({ origins }) => origins.map(({ breaker }) => breaker));
      return [shown.host, { status: states.includes('open') ? 'failed' : 'ok', kind: 'upstream', detail: describeStates(states) }];
    }),
  );
}

function describeStates(states: readonly string[]): string {
  if (states.length === 0) return 'Not called yet.';
  if (states.includes('open')) return 'Has failed repeatedly, and is not called for now.';
  return states.includes('half_open') ? 'Has failed repeatedly; the next call shows whether it is back.' : 'Answers.';
}

async function upstreamHealth({ definition, services, redactor }: HealthParts): Promise<Record<string, DependencyHealth>> {
  if (definition.health === undefined) return {};
  const started = performance.now();
  let findings: Finding[];
  try {
    const signal = AbortSignal.timeout(UPSTREAM_TIMEOUT_MS);
    findings = await waitFor(Promise.resolve(definition.health(services, signal)), { signal });
  } catch {
    findings = [{ name: 'upstream', ok: false, detail: 'The check itself failed.' }];
  }
  const latency_ms = millisecondsSince(started);
  return Object.fromEntries(
    findings.map(({ name, ok, detail }) => [name, { status: ok ? 'ok' : 'failed', detail: redactor.text(detail), latency_ms }] as const),
  );
}

/** A check that is still running is not started again. */
function remembered<T>(load: () => Promise<T>, ttlMs: number): () => Promise<T> {
  let result: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (result === undefined || performance.now() > until) {
      until = Number.POSITIVE_INFINITY;
      result = load().finally(() => {
        until = performance.now() + ttlMs;
      });
    }
    return result;
  };
}

function millisecondsSince(started: number): number {
  return Math.round((performance.now() - started) * 100) / 100;
}

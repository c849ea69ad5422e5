import type { Cache } from '@fairway-mcp/cache';
import type { Database } from '@fairway-mcp/store';
import { type AuditTrail, type Instruments, type Log, newTraceId } from '@fairway-mcp/telemetry';
import type { Upstream } from '@fairway-mcp/upstream';
import type { AuditEvent, Kit, ResourceAnnouncer, ServerDescription } from '../define/server.ts';
import { auditArguments } from '../pipeline/audit-arguments.ts';
import { runInSpan } from '../pipeline/span.ts';

export interface KitParts {
  cache: Cache;
  store: Database;
  log: Log;
  upstream: Upstream;
  audit: AuditTrail;
  instruments: Instruments;
  resources: ResourceAnnouncer;
}

/** What a server's services get from the kit. */
export function createKit(
  { name, version }: ServerDescription['definition'],
  { cache, store, log, upstream, audit, instruments, resources }: KitParts,
): Kit {
  return {
    cache,
    store,
    log,
    upstream,
    resources,
    version,
    now: () => new Date(),
    span: (start, work) => runInSpan(instruments, start, work),
    async audit({ action, principal = `server:${name}`, outcome = 'ok', durationMs = 0, trace, details }: AuditEvent) {
      await audit.record({
        time: new Date().toISOString(),
        server: name,
        principal,
        tool: action,
        arguments: details === undefined ? {} : auditArguments(details.values, details.schema),
        outcome,
        duration_ms: durationMs,
        trace_id: trace?.traceId ?? newTraceId(),
      });
    },
  };
}

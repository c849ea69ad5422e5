import { createAuditLog } from '@fairway-mcp/store';
import { createRedactor, probeCollector, verifyAuditTrail } from '@fairway-mcp/telemetry';
import type { Finding, ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';
import { collectorOf } from '../server/instruments.ts';
import { createRuntime, type Runtime } from '../server/runtime.ts';
import { rowCount } from './audit.ts';
import { checkHttp } from './check-http.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

const TIMEOUT_MS = 60_000;

/** `doctor`. Its report says everything: log lines appear only with --log-level. @returns the exit code: 0 when every check passed, 1 otherwise. */
export async function doctorCommand(description: ServerDescription, startup: Startup, { out }: Terminal): Promise<number> {
  const redactor = createRedactor(startup.secrets);
  const findings = await runChecks(description, startup);
  for (const { name, ok, detail, remedy } of findings) {
    out(redactor.text(`${ok ? '✓' : '✗'} ${name}: ${detail}`));
    if (!ok && remedy !== undefined) out(redactor.text(`    → ${remedy}`));
  }
  const failed = findings.filter(({ ok }) => !ok).length;
  out(failed === 0 ? `All ${findings.length} checks passed.` : `${failed} of ${findings.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}

async function runChecks(description: ServerDescription, startup: Startup): Promise<Finding[]> {
  const settings: Finding = { name: 'settings', ok: true, detail: 'All settings are known and valid.' };
  let runtime: Runtime;
  try {
    runtime = await createRuntime({
      description,
      ...startup,
      ...(startup.loaded.sources.logLevel === 'default' && { writeLog: () => {} }),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const hasRemedy = error instanceof UsageError;
    return [
      settings,
      { name: 'start', ok: false, detail, ...(!hasRemedy && { remedy: 'Correct what the message names and run doctor again.' }) },
    ];
  }
  try {
    const common = [await checkState(runtime, startup), await checkCache(runtime), await checkAudit(runtime)];
    const { http } = startup.settings;
    const serving = http === undefined ? [] : [await checkHttp(description.definition.name, { ...startup.settings, http }, runtime.store)];
    const sending = await checkTelemetry(startup);
    const own = (await description.definition.doctor?.(runtime.services, AbortSignal.timeout(TIMEOUT_MS))) ?? [];
    return [settings, ...common, ...serving, ...sending, ...own];
  } finally {
    await runtime.close();
  }
}

async function checkState({ store }: Runtime, { stateDir }: Startup): Promise<Finding> {
  const [where, remedy] =
    store.kind === 'sqlite'
      ? [stateDir, 'Free space on its disk, allow this user to write there, or choose another folder with --state-dir.']
      : [`The ${store.kind} database`, 'Check that it accepts writes and that its disk has room.'];
  try {
    await store.ping();
    return { name: 'state', ok: true, detail: `${where} can be read and written.` };
  } catch (error) {
    return {
      name: 'state',
      ok: false,
      detail: `${where} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      remedy,
    };
  }
}

async function checkCache({ cache }: Runtime): Promise<Finding> {
  try {
    await cache.port.ping();
    return { name: 'cache', ok: true, detail: `The ${cache.port.kind} cache answers.` };
  } catch (error) {
    const remedy = 'Check FAIRWAY_REDIS_URL and that the server runs. Calls are answered without it, more slowly.';
    return { name: 'cache', ok: false, detail: `The ${cache.port.kind} cache does not answer: ${reasonOf(error)}.`, remedy };
  }
}

async function checkTelemetry({ settings }: Startup): Promise<Finding[]> {
  const collector = collectorOf(settings);
  if (collector === undefined) return [];
  try {
    await probeCollector(collector);
    return [{ name: 'telemetry', ok: true, detail: `The collector at ${collector.endpoint} takes traces.` }];
  } catch (error) {
    const detail = `The collector at ${collector.endpoint} cannot be used: ${reasonOf(error)}.`;
    const remedy =
      'Check OTEL_EXPORTER_OTLP_ENDPOINT (the base address of OTLP over HTTP, often port 4318), its headers, and that it runs. Calls are answered without it.';
    return [{ name: 'telemetry', ok: false, detail, remedy }];
  }
}

/** As the end of a sentence. */
function reasonOf(error: unknown): string {
  const text =
    error instanceof AggregateError ? error.errors.map(reasonOf).join('; ') : error instanceof Error ? error.message : String(error);
  return text.replace(/\.$/, '');
}

async function checkAudit({ store }: Runtime): Promise<Finding> {
  const verdict = await verifyAuditTrail(await createAuditLog(store));
  if (verdict.intact) return { name: 'audit', ok: true, detail: `The audit trail is intact: ${rowCount(verdict.rows)}.` };
  const remedy = 'Find out who wrote to the state besides this server. Keep a copy; then move the state away to start a new trail.';
  return { name: 'audit', ok: false, detail: `The audit trail is NOT intact: ${verdict.problem}.`, remedy };
}

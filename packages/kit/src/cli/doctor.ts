import type { Finding, ServerDescription } from '../define/server.ts';
import { createRuntime, type Runtime } from '../runtime.ts';
import { UsageError } from '../tool-error.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

const PATIENCE_MS = 60_000;

/** `doctor`. @returns the exit code: 0 when everything is well, 1 when something is not. */
export async function doctorCommand(description: ServerDescription, startup: Startup, { out }: Terminal): Promise<number> {
  const findings = await examine(description, startup);
  for (const { name, ok, detail, remedy } of findings) {
    out(`${ok ? '✓' : '✗'} ${name}: ${detail}`);
    if (!ok && remedy !== undefined) out(`    → ${remedy}`);
  }
  const failed = findings.filter(({ ok }) => !ok).length;
  out(failed === 0 ? `All ${findings.length} checks passed.` : `${failed} of ${findings.length} checks failed.`);
  return failed === 0 ? 0 : 1;
}

async function examine(description: ServerDescription, startup: Startup): Promise<Finding[]> {
  const settings: Finding = { name: 'settings', ok: true, detail: 'All settings are known and valid.' };
  let runtime: Runtime;
  try {
    runtime = await createRuntime({ description, ...startup });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return [
      settings,
      {
        name: 'start',
        ok: false,
        detail,
        remedy: error instanceof UsageError ? 'See the message.' : 'Correct what the message names and run doctor again.',
      },
    ];
  }
  try {
    await runtime.store.ping();
    const state: Finding = { name: 'state', ok: true, detail: `${startup.stateDir} can be read and written.` };
    const { definition } = description;
    const own = (await definition.doctor?.(runtime.services, AbortSignal.timeout(PATIENCE_MS))) ?? [];
    return [settings, state, ...own];
  } finally {
    await runtime.close();
  }
}

import { createApiKey, localUser, stateOfKey } from '@fairway-mcp/auth';
import { type ApiKeyRow, type ApiKeyTable, createApiKeyTable, createAuditLog } from '@fairway-mcp/store';
import { createAuditTrail, newTraceId } from '@fairway-mcp/telemetry';
import { parseExpiry } from '../config/expiry.ts';
import type { ServerDescription } from '../define/server.ts';
import { UsageError } from '../protocol/errors.ts';
import { aboutForeignScope, checkScopes } from '../server/known-scopes.ts';
import { openStore } from '../server/stores.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

interface Work {
  definition: ServerDescription['definition'];
  command: Startup['command'];
  keys: ApiKeyTable;
  terminal: Terminal;
  /** Adds a row to the audit trail: what the operator did, without a secret. */
  record(action: string, facts: Record<string, unknown>): Promise<void>;
}

const ACTIONS: Readonly<Record<string, (work: Work) => Promise<void>>> = { create, list, revoke };

/** `keys create|list|revoke`. @returns the exit code. */
export async function keysCommand(
  { definition }: ServerDescription,
  { command, settings, stateDir }: Startup,
  terminal: Terminal,
): Promise<number> {
  const store = await openStore(settings, stateDir);
  try {
    const audit = createAuditTrail(await createAuditLog(store));
    const record: Work['record'] = (action, facts) =>
      audit.record({
        time: new Date().toISOString(),
        server: definition.name,
        principal: localUser.id,
        tool: action,
        arguments: facts,
        outcome: 'ok',
        duration_ms: 0,
        trace_id: newTraceId(),
      });
    await ACTIONS[command.words[1] ?? '']?.({ definition, command, keys: await createApiKeyTable(store), terminal, record });
    return 0;
  } finally {
    await store.close();
  }
}

async function create({ definition, command, keys, terminal: { out, err }, record }: Work): Promise<void> {
  const { name, scopes, expires } = command.options;
  const wanted = {
    name: name ?? fail('keys create needs --name NAME.'),
    scopes: listOf(scopes, definition.name),
    expiresAt: expires === undefined ? null : parseExpiry(expires, new Date()),
  };
  const foreign = checkScopes(definition, wanted.scopes);
  const made = await createApiKey(keys, wanted).catch((error: Error) => fail(error.message));
  await record('keys.create', { key: made.id, name: wanted.name, scopes: wanted.scopes, expires_at: wanted.expiresAt });
  out(made.key);
  const until = wanted.expiresAt === null ? 'without expiry' : `until ${wanted.expiresAt}`;
  err(`Made key ${made.id} for "${wanted.name}" with ${wanted.scopes.join(', ')}, ${until}.`);
  for (const scope of foreign) err(`Warning: ${aboutForeignScope(definition, scope)}`);
  err(
    'It is shown only now. Callers send it as "Authorization: Bearer KEY". A running HTTP server that had no key or token asks every caller for one from now on.',
  );
}

async function list({ keys, terminal: { out } }: Work): Promise<void> {
  const rows = await keys.list();
  out(rows.length === 0 ? 'There are no API keys.' : table(rows));
}

async function revoke({ command, keys, terminal: { out }, record }: Work): Promise<void> {
  const id = command.words[2] ?? fail('keys revoke needs the ID of a key (see keys list).');
  const found = (await keys.find(id)) ?? fail(`There is no key ${id}.`);
  if (found.revokedAt !== null) {
    out(`Key ${id} was revoked already, at ${found.revokedAt}.`);
    return;
  }
  await keys.revoke(id, new Date().toISOString());
  await record('keys.revoke', { key: id, name: found.name });
  out(`Revoked key ${id}. Running servers refuse it within five seconds.`);
}

function listOf(scopes: string | undefined, server: string): string[] {
  if (scopes === undefined) return fail(`keys create needs --scopes, for example --scopes ${server}:read.`);
  return scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}

function table(rows: readonly ApiKeyRow[]): string {
  const now = Date.now();
  const state = (row: ApiKeyRow) => {
    const name = stateOfKey(row, now);
    if (name === 'active') return row.expiresAt === null ? name : `active until ${row.expiresAt}`;
    return `${name} ${name === 'revoked' ? row.revokedAt : row.expiresAt}`;
  };
  return rows.map((row) => `${row.id}  ${row.name}  ${row.scopes.replaceAll(' ', ',')}  made ${row.createdAt}  ${state(row)}`).join('\n');
}

function fail(message: string): never {
  throw new UsageError(message);
}

import { createApiKey } from '@fairway-mcp/auth';
import { type ApiKeyRow, createApiKeyTable } from '@fairway-mcp/store';
import { UsageError } from '../protocol/errors.ts';
import { openStore } from '../server/stores.ts';
import type { Startup } from './startup.ts';
import type { Terminal } from './terminal.ts';

/** `keys create|list|revoke`. @returns the exit code. */
export async function keysCommand({ command, settings, stateDir }: Startup, server: string, { out, err }: Terminal): Promise<number> {
  const store = await openStore(settings, stateDir);
  try {
    const keys = await createApiKeyTable(store);
    const [, action, id] = command.words;
    if (action === 'create') {
      const { name, scopes, expires } = command.options;
      const wanted = {
        name: name ?? fail('keys create needs --name NAME.'),
        scopes: listOf(scopes, server),
        expiresAt: expiryOf(expires, new Date()),
      };
      const made = await createApiKey(keys, wanted).catch((error: Error) => fail(error.message));
      out(made.key);
      err(
        `Made key ${made.id} for "${wanted.name}" with ${wanted.scopes.join(', ')}, ${wanted.expiresAt === null ? 'without expiry' : `until ${wanted.expiresAt}`}.`,
      );
      err(
        'It is shown only now. Callers send it as "Authorization: Bearer KEY". A running HTTP server that had no key or token asks every caller for one from now on.',
      );
      return 0;
    }
    if (action === 'list') {
      const rows = await keys.list();
      out(rows.length === 0 ? 'There are no API keys.' : table(rows, new Date()));
      return 0;
    }
    if (!(await keys.revoke(id ?? fail('keys revoke needs the ID of a key (see keys list).'), new Date().toISOString())))
      fail(`There is no key ${id}.`);
    out(`Revoked key ${id}. Running servers refuse it within five seconds.`);
    return 0;
  } finally {
    await store.close();
  }
}

function listOf(scopes: string | undefined, server: string): string[] {
  if (scopes === undefined) return fail(`keys create needs --scopes, for example --scopes ${server}:read.`);
  return scopes
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}

/** `90d`, `12h`, an ISO date or instant; nothing means that the key does not expire. */
function expiryOf(text: string | undefined, now: Date): string | null {
  if (text === undefined) return null;
  const span = /^(\d{1,4})([dh])$/.exec(text);
  if (span) return new Date(now.getTime() + Number(span[1]) * (span[2] === 'd' ? 86_400_000 : 3_600_000)).toISOString();
  const instant = Date.parse(text);
  return Number.isNaN(instant)
    ? fail(`--expires takes a span such as 90d or 12h, or an ISO date, not "${text}".`)
    : new Date(instant).toISOString();
}

function table(rows: readonly ApiKeyRow[], now: Date): string {
  const state = (row: ApiKeyRow) => {
    if (row.revokedAt !== null) return `revoked ${row.revokedAt}`;
    if (row.expiresAt === null) return 'active';
    return Date.parse(row.expiresAt) <= now.getTime() ? `expired ${row.expiresAt}` : `active until ${row.expiresAt}`;
  };
  return rows.map((row) => `${row.id}  ${row.name}  ${row.scopes.replaceAll(' ', ',')}  made ${row.createdAt}  ${state(row)}`).join('\n');
}

function fail(message: string): never {
  throw new UsageError(message);
}

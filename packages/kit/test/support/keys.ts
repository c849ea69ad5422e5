import path from 'node:path';
import { createApiKey } from '@fairway-mcp/auth';
import { createApiKeyTable, openSqlite } from '@fairway-mcp/store';
import { serveFixture, temporaryFolder } from './serve.ts';

/** The fixture over HTTP, for the holders of the given keys. */
export async function withKeys(...keys: { name: string; scopes: string[]; expiresAt?: string }[]) {
  const folder = temporaryFolder();
  const store = openSqlite({ file: path.join(folder, 'fairway.db') });
  const table = await createApiKeyTable(store);
  const made = [];
  for (const key of keys) made.push(await createApiKey(table, { expiresAt: null, ...key }));
  await store.close();
  const server = await serveFixture(['--state-dir', folder]);
  return { server, keys: made, table: await createApiKeyTable(server.runtime.store) };
}

import path from 'node:path';
import { createApiKey } from '@fairway-mcp/auth';
import { createApiKeyTable, openSqlite } from '@fairway-mcp/store';
import type { ServerDescription } from '../../src/index.ts';
import { serveFixture, temporaryFolder } from './serve.ts';

export interface Key {
  name: string;
  scopes: string[];
  expiresAt?: string;
}

/** Serves the fixture, or another server, over HTTP with the given API keys. */
export async function serveWithKeys(wanted: readonly Key[], args: readonly string[] = [], description?: ServerDescription) {
  const folder = temporaryFolder();
  const store = openSqlite({ file: path.join(folder, 'fairway.db') });
  const table = await createApiKeyTable(store);
  const keys = [];
  for (const key of wanted) keys.push({ name: key.name, ...(await createApiKey(table, { expiresAt: null, ...key })) });
  await store.close();
  const server = await serveFixture(['--state-dir', folder, ...args], description);
  return { server, keys, table: await createApiKeyTable(server.runtime.store) };
}

/** Serves the fixture over HTTP with the given API keys. */
export const withKeys = (...wanted: Key[]) => serveWithKeys(wanted);

import path from 'node:path';
import { type Cache, createCache, createMemoryCache, openRedisCache } from '@fairway-mcp/cache';
import { type Database, openPostgres, openSqlite } from '@fairway-mcp/store';
import type { Log } from '@fairway-mcp/telemetry';
import type { KitSettings } from '../config/kit-settings.ts';
import { UsageError } from '../protocol/errors.ts';

/** @throws UsageError when the state folder, or the Postgres that is set, cannot be used. */
export async function openStore({ databaseUrl }: KitSettings, stateDir: string, log?: Log): Promise<Database> {
  if (databaseUrl !== undefined) return openSharedStore(databaseUrl, log);
  try {
    return openSqlite({
      file: path.join(stateDir, 'fairway.db'),
      onFault: (error) => log?.error('Audit rows could not be flushed to the disk', { error }),
    });
  } catch (error) {
    throw new UsageError(`${reasonOf(error)}. Choose a folder that can be written with --state-dir.`);
  }
}

async function openSharedStore(url: string, log: Log | undefined): Promise<Database> {
  const store = await openPostgres({ url, onFault: (error) => log?.warn('A connection to Postgres broke', { error }) });
  try {
    await store.ping();
    return store;
  } catch (error) {
    await store.close();
    throw new UsageError(
      `Cannot use the Postgres of FAIRWAY_DATABASE_URL: ${reasonOf(error)}. Check that it runs, the address and the password.`,
    );
  }
}

/** The cache of one server: keys in a shared Redis carry the server's name. */
export async function openCache({ redisUrl }: KitSettings, server: string, log: Log): Promise<Cache> {
  const onFault = (error: unknown) => log.warn('The cache failed; answers are loaded again', { error });
  const port = redisUrl === undefined ? createMemoryCache() : await openRedisCache({ url: redisUrl, prefix: `fairway:${server}`, onFault });
  return createCache(port, { onFault });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}

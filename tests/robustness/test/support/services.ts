import { randomUUID } from 'node:crypto';
import { openRedisCache } from '@fairway-mcp/cache';
import { openPostgres } from '@fairway-mcp/store';
import { onTestFinished } from 'vitest';

export const databaseUrl = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
export const redisUrl = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

/** Why Postgres or Redis cannot be used, `undefined` when both can. */
export async function whyNoServices(): Promise<string | undefined> {
  const database = await openPostgres({ url: databaseUrl });
  const cache = await openRedisCache({ url: redisUrl, prefix: 'fairway-test' });
  try {
    await Promise.all([database.ping(), cache.ping()]);
    return undefined;
  } catch (error) {
    return `no Postgres or Redis at DATABASE_URL, REDIS_URL or their defaults: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    await Promise.all([database.close(), cache.close()]);
  }
}

/** The address of a new Postgres schema, which is dropped when the test has ended. */
export async function ownSchema(address = databaseUrl): Promise<string> {
  const schema = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = await openPostgres({ url: databaseUrl });
  await admin.run(`CREATE SCHEMA ${schema}`);
  onTestFinished(async () => {
    await admin.run(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  });
  const url = new URL(address);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

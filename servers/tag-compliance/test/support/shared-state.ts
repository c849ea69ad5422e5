import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { openPostgres } from '@fairway-mcp/store';
import { onTestFinished } from 'vitest';

const DATABASE_URL = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
export const REDIS_URL = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379';

export const hasPostgres = await canReach(DATABASE_URL, 5432);
export const hasRedis = await canReach(REDIS_URL, 6379);

function canReach(address: string, port: number): Promise<boolean> {
  const url = new URL(address);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = net.connect(Number(url.port || port), url.hostname, () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** The address of an empty Postgres schema that is gone when the test has ended. */
export async function emptySchema(): Promise<string> {
  const schema = `tags_${randomUUID().replaceAll('-', '')}`;
  const admin = await openPostgres({ url: DATABASE_URL });
  await admin.run(`CREATE SCHEMA ${schema}`);
  onTestFinished(async () => {
    await admin.run(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  });
  const url = new URL(DATABASE_URL);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return url.href;
}

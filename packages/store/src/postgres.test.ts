import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { databaseContract } from './database.contract.ts';
import type { Database } from './database.ts';
import { openPostgres } from './postgres.ts';
import { tablesContract } from './tables.contract.ts';

const url = process.env.DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const problem = await findProblem();

async function findProblem(): Promise<string | undefined> {
  const database = await openPostgres({ url });
  try {
    await database.ping();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await database.close();
  }
}

/** An empty database: a schema of its own, dropped after the test. */
async function openEmpty(): Promise<Database> {
  const schema = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = await openPostgres({ url });
  await admin.run(`CREATE SCHEMA ${schema}`);
  onTestFinished(async () => {
    await admin.run(`DROP SCHEMA ${schema} CASCADE`);
    await admin.close();
  });
  return openPostgres({ url: inSchema(schema) });
}

function inSchema(schema: string): string {
  const address = new URL(url);
  address.searchParams.set('options', `-c search_path=${schema}`);
  return address.href;
}

const title = problem === undefined ? 'Postgres' : `Postgres (skipped: no server at DATABASE_URL or its default: ${problem})`;

describe.skipIf(problem !== undefined)(title, () => {
  databaseContract(openEmpty);
  tablesContract(openEmpty);

  it('reports why it cannot connect, without the password', async () => {
    const refusing = net.createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void refusing.close());
    const { port } = refusing.address() as net.AddressInfo;
    const database = await openPostgres({ url: `postgres://me:hunter2-secret@127.0.0.1:${port}/x` });
    onTestFinished(() => database.close());
    const error = await database.ping().catch((reason: unknown) => String(reason));
    expect(error).toMatch(/Error/);
    expect(error).not.toContain('hunter2');
  });

  it('reports as unhealthy when it only answers reads', async () => {
    const address = new URL(url);
    address.searchParams.set('options', '-c default_transaction_read_only=on');
    const database = await openPostgres({ url: address.href });
    onTestFinished(() => database.close());
    await expect(database.get('SELECT 1 AS one')).resolves.toEqual({ one: 1 });
    await expect(database.ping()).rejects.toThrow(/read-only/);
  });

  it('reconnects after its connection was terminated', async () => {
    const faults: unknown[] = [];
    const database = await openPostgres({ url, onFault: (error) => faults.push(error) });
    onTestFinished(() => database.close());
    const row = await database.get<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const admin = await openPostgres({ url });
    onTestFinished(() => admin.close());
    await admin.get('SELECT pg_terminate_backend(?)', [Number(row?.pid)]);
    await expect.poll(() => faults.length).toBe(1);
    await expect(database.ping()).resolves.toBeUndefined();
  });
});

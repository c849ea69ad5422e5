import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { startFaultProxy } from '@fairway-mcp/testing';
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

/** A process that holds the lock of all writers and is stopped. */
async function freezeInTransaction(): Promise<ChildProcess> {
  const program = `
    import { openPostgres } from ${JSON.stringify(new URL('./postgres.ts', import.meta.url).href)};
    const database = await openPostgres({ url: ${JSON.stringify(url)}, timeoutMs: 2_000 });
    await database.transaction(async (statements) => {
      await statements.get('SELECT 1');
      process.stdout.write('holding', () => process.kill(process.pid, 'SIGSTOP'));
      await new Promise(() => undefined);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
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

  it('gives up connections that went silent, and works again when the network is back', async () => {
    const proxy = await startFaultProxy(url);
    const database = await openPostgres({ url: proxy.url, timeoutMs: 500 });
    onTestFinished(() => database.close());
    const [first] = await Promise.all([database.get('SELECT 1 AS one'), database.ping(), database.get('SELECT 1 AS one')]);
    expect(first).toEqual({ one: 1 });
    proxy.silence();
    const results = await Promise.allSettled([
      database.get('SELECT 1 AS one'),
      database.ping(),
      database.transaction(async () => 'never'),
      ...Array.from({ length: 20 }, () => database.get('SELECT 1 AS one')),
    ]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(results.map((result) => result.status === 'rejected' && result.reason.message)).toContain(
      'Postgres did not answer in time. The connection was given up.',
    );
    proxy.reconnect();
    await expect.poll(() => database.get('SELECT 1 AS one').catch(() => undefined)).toEqual({ one: 1 });
  });

  it('closes although its connections are silent', async () => {
    const proxy = await startFaultProxy(url);
    const database = await openPostgres({ url: proxy.url, timeoutMs: 500 });
    await database.ping();
    proxy.silence();
    const unanswered = database.get('SELECT 1 AS one').catch(() => 'failed');
    await database.close();
    expect(await unanswered).toBe('failed');
  });

  it('writes on although a process is frozen in the middle of a transaction', async () => {
    const frozen = await freezeInTransaction();
    const database = await openPostgres({ url, timeoutMs: 5_000 });
    onTestFinished(() => database.close());
    await database.ping();
    expect(frozen.exitCode).toBeNull();
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

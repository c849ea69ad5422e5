import { createTaskTable, openSqlite } from '@fairway-mcp/store';
import { createLog, createRedactor } from '@fairway-mcp/telemetry';
import { expect, it } from 'vitest';
import { Tasks } from './tasks.ts';

/** What can happen without waiting for anything else has happened. */
async function turns(): Promise<void> {
  for (let count = 0; count < 10; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('tasks that are closed while leases are renewed wait for that, so that the store may be closed without a warning', async () => {
  const store = openSqlite({ file: ':memory:' });
  const table = await createTaskTable(store);
  const lines: string[] = [];
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const slow = {
    ...table,
    async deleteExpired(server: string, now: number) {
      enter();
      await left;
      await table.deleteExpired(server, now);
    },
  };
  const tasks = new Tasks({
    server: 'notes',
    table: slow,
    log: createLog({ level: 'info', format: 'json', redactor: createRedactor(), write: (line) => lines.push(line) }),
    run: () => Promise.reject(new Error('There is nothing to run.')),
    currentPrincipal: async (principal) => principal,
    pause: () => () => undefined,
    ttlMs: 60_000,
    tickMs: 1,
  });
  await entered;
  const closed = tasks.close().then(() => store.close());
  await turns();
  leave();
  await closed;
  await turns();
  expect(lines).toEqual([]);
});

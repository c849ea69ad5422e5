import { createAws } from '@fairway-mcp/aws';
import { type AwsEmulator, type FaultKind, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization } from '@fairway-mcp/aws-sample';
import { createCache, createMemoryCache } from '@fairway-mcp/cache';
import { ToolError } from '@fairway-mcp/kit';
import { type Database, openSqlite } from '@fairway-mcp/store';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { createPageBudget, type DailyLimit, type PageTable } from './page-budget.ts';
import { pagesOf } from './pages-of.ts';
import { createPaidReader } from './paid-reader.ts';

vi.setConfig({ testTimeout: 120_000 });

const NOW = '2026-11-15T10:00:00.000Z';
const TABLE: PageTable = { owner: 'test-pages', table: 'test_pages', column: 'subject' };
const MAX_PAGE_SIZE = 40;

async function startEmulator(): Promise<AwsEmulator> {
  const organization = generateOrganization({ seed: 3, size: 100, now: NOW });
  const aws = await startAwsEmulator(organization, { now: () => Date.parse(NOW), paging: { maxPageSize: MAX_PAGE_SIZE } });
  onTestFinished(() => aws.stop());
  return aws;
}

function limit(subject: string, usdPerDay: number): DailyLimit {
  const exceeded = () => new ToolError({ kind: 'budget_exceeded', message: `No money for ${subject}.`, remedy: 'Wait.' });
  return { subject, usdPerDay, exceeded };
}

/** A process: its own AWS clients and cache, and a store that it may share. */
function startReader(emulator: AwsEmulator, store: Database = openSqlite({ file: ':memory:' }), attempts = 1) {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
  const aws = createAws({
    endpoint: emulator.url,
    region: 'us-east-1',
    sessionName: 'test',
    attempts,
    limits: { requestTimeoutMs: 2000 },
    rates: { 'cost-explorer': { perSecond: 1000, burst: 1000 } },
  });
  onTestFinished(() => {
    aws.close();
    vi.unstubAllEnvs();
  });
  const budget = createPageBudget(store, TABLE, () => new Date(NOW));
  const reader = createPaidReader({ aws, cache: createCache(createMemoryCache()), budget, prefix: 'test' });
  const ask = (start: string, limits: readonly DailyLimit[] = [limit('server', 100)], signal = new AbortController().signal) =>
    reader.read({ name: 'usage', schema: z.number(), question: start, ttlMs: 60_000, signal, limits: () => limits }, async (askPage) => {
      const action = 'ce:GetCostAndUsage';
      let groups = 0;
      const pages = pagesOf(
        action,
        (NextPageToken) =>
          askPage(action, ({ client, GetCostAndUsageCommand }, options) =>
            client.send(
              new GetCostAndUsageCommand({
                TimePeriod: { Start: start, End: '2026-11-01' },
                Granularity: 'MONTHLY',
                Metrics: ['UnblendedCost'],
                GroupBy: [{ Type: 'DIMENSION', Key: 'USAGE_TYPE' }],
                NextPageToken,
              }),
              options,
            ),
          ),
        (page) => page.NextPageToken,
      );
      for await (const { ResultsByTime = [] } of pages) groups += ResultsByTime.flatMap(({ Groups = [] }) => Groups).length;
      return groups;
    });
  return { ask, counted: async (subject = 'server') => (await budget.counted(subject, '2026-01-01')).today };
}

/** What AWS would charge for. */
function charged(emulator: AwsEmulator): number {
  return emulator.requests.filter(({ service, isDone }) => service === 'ce' && isDone).length;
}

describe('the count of pages', () => {
  it('is what AWS charges for, page by page, and a repeated question costs nothing', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    const first = await ask('2026-08-01');
    expect(first.pages).toBeGreaterThan(1);
    expect([await counted(), charged(emulator)]).toEqual([first.pages, first.pages]);
    expect(await ask('2026-08-01')).toEqual({ ...first, pages: 0 });
    expect([await counted(), charged(emulator)]).toEqual([first.pages, first.pages]);
  });

  it('is what AWS charges for when concurrent calls ask the same', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('2026-08-01')));
    expect(answers.reduce((sum, { pages }) => sum + pages, 0)).toBe(charged(emulator));
    expect(await counted()).toBe(charged(emulator));
  });

  it.each<FaultKind>([
    'throttled',
    'access_denied',
    'expired_credentials',
    'internal_error',
    'unavailable',
    'slow',
    'lost_answer',
    'hang',
    'disconnect',
    'truncated',
    'garbage',
  ])('is what AWS charges for after %s, whether or not the SDK tries again', async (kind) => {
    for (const attempts of [1, 3]) {
      const emulator = await startEmulator();
      const { ask, counted } = startReader(emulator, undefined, attempts);
      emulator.faults.add({ kind, service: 'ce', after: 1, times: 2, delayMs: 10 });
      for (let time = 0; time < 4; time += 1) await ask('2026-08-01').catch(() => undefined);
      await expect(ask('2026-08-01')).resolves.toMatchObject({ pages: 0 });
      expect(await counted(), `${attempts} attempts`).toBe(charged(emulator));
    }
  });

  it('includes a request that was lost on its way: nobody can tell it from one whose answer was lost', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    emulator.faults.add({ kind: 'lost_request', service: 'ce', times: 1 });
    await expect(ask('2026-08-01')).rejects.toMatchObject({ name: 'AwsError' });
    expect([await counted(), charged(emulator)]).toEqual([1, 0]);
  });

  it('leaves out requests for which there was no connection', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    await ask('2026-10-01');
    await emulator.stop();
    // Closes the connection that was kept.
    await ask('2026-09-01').catch(() => undefined);
    const before = await counted();
    await expect(ask('2026-08-01')).rejects.toMatchObject({ failure: 'unavailable' });
    expect(await counted()).toBe(before);
  });
});

describe('daily limits', () => {
  it('are shared by the processes on one store, and never exceeded by calls that race', async () => {
    const emulator = await startEmulator();
    const store = openSqlite({ file: ':memory:' });
    const readers = [startReader(emulator, store), startReader(emulator, store)];
    const months = ['2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01', '2026-07-01', '2026-08-01'];
    const asked = months.flatMap((month) => readers.map(({ ask }) => ask(month, [limit('server', 0.07)])));
    const outcomes = await Promise.allSettled(asked);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ kind: 'budget_exceeded' });
    expect(charged(emulator)).toBe(7);
    expect(await readers[0]?.counted()).toBe(7);
  });

  it('count a page under all of them or under none', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    await expect(ask('2026-10-01', [limit('server', 1), limit('ann', 0)])).rejects.toThrow('No money for ann.');
    expect([await counted('server'), await counted('ann'), charged(emulator)]).toEqual([0, 0, 0]);
  });

  it('of one caller do not refuse another who asks the same at the same time', async () => {
    const emulator = await startEmulator();
    const { ask, counted } = startReader(emulator);
    const [poor, rich] = await Promise.allSettled([ask('2026-10-01', [limit('ann', 0)]), ask('2026-10-01', [limit('bob', 1)])]);
    expect(poor).toMatchObject({ status: 'rejected', reason: { kind: 'budget_exceeded' } });
    expect(rich).toMatchObject({ status: 'fulfilled' });
    expect([await counted('ann'), await counted('bob')]).toEqual([0, charged(emulator)]);
  });
});

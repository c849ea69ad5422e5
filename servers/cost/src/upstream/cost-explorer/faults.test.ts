import type { FaultKind } from '@fairway-mcp/aws-emulator';
import { openSqlite } from '@fairway-mcp/store';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BillQuestion } from '../../bill/question.ts';
import { askingAs, type EmulatedBill, startEmulatedBill } from '../emulated-aws.fixture.ts';

vi.setConfig({ testTimeout: 120_000 });

const MEMBER = '222233334444';
const accounts = [MEMBER, '444455556666', '555566667777'];
const QUESTION: BillQuestion = {
  period: { start: '2026-09-01', end: '2026-11-01' },
  granularity: 'monthly',
  metric: 'billed',
  groupBy: ['service'],
  filter: undefined,
  withUsage: false,
};

async function start(...options: Parameters<typeof startEmulatedBill>): Promise<EmulatedBill> {
  const emulated = await startEmulatedBill({ size: 40, ...options[0] }, options[1]);
  onTestFinished(() => emulated.stop());
  return emulated;
}

describe('Cost Explorer when something goes wrong', () => {
  it.each<[FaultKind, string, RegExp]>([
    ['throttled', 'upstream_unavailable', /throttles ce:GetCostAndUsage/],
    ['internal_error', 'upstream_unavailable', /ce:GetCostAndUsage failed/],
    ['access_denied', 'upstream_rejected', /ce:GetCostAndUsage is not allowed/],
    ['expired_credentials', 'upstream_rejected', /credentials .* expired/],
    ['garbage', 'upstream_unavailable', /not one of this service/],
    ['truncated', 'upstream_unavailable', /not one of this service/],
    ['hang', 'timeout', /not answered in time/],
    ['lost_answer', 'timeout', /not answered in time/],
  ])('says after %s what happened and what to do, and counts what AWS counts', async (kind, errorKind, message) => {
    const emulated = await start();
    emulated.aws.faults.add({ kind, service: 'ce', times: 1 });
    const { source, budget } = emulated.open();
    const failure = await source.ask(QUESTION, askingAs()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ToolError', kind: errorKind, message: expect.stringMatching(message) });
    expect((failure as { remedy: string }).remedy).toMatch(/^(Ask|Allow|Renew)/);
    await expect(source.ask(QUESTION, askingAs())).resolves.toMatchObject({ price: { pages: 1, usd: '0.01' } });
    expect((await budget.counted('server', '2026-01-01')).today).toBe(emulated.charged());
  });

  it('says so when a page token has expired between two pages', async () => {
    const emulated = await start({}, { paging: { maxPageSize: 5, tokenLifetimeMs: -1 } });
    const { source } = emulated.open();
    await expect(source.ask(QUESTION, askingAs())).rejects.toMatchObject({
      kind: 'upstream_unavailable',
      message: /changed while its pages/,
    });
  });
});

describe('the price', () => {
  it('is in every answer: what this call paid, and nothing when it was answered before', async () => {
    const emulated = await start({}, { paging: { maxPageSize: 10 } });
    const { source } = emulated.open();
    const first = await source.ask(QUESTION, askingAs());
    expect(first.price.pages).toBe(emulated.charged());
    expect(first.price.pages).toBeGreaterThan(1);
    expect((await source.ask(QUESTION, askingAs())).price).toEqual({ pages: 0, bytesScanned: 0, usd: '0' });
  });

  it.each([
    [['service'], '0.01'],
    [['service', 'account'], '0.03'],
    [['service', 'account', 'region'], '0.06'],
  ] as const)('of grouping by %j is known before: at least $%s', async (groupBy, least) => {
    const emulated = await start();
    const { source } = emulated.open();
    const question = { ...QUESTION, groupBy };
    expect(source.priceOf(question)).toBe(least);
    expect(emulated.charged()).toBe(0);
    const { price } = await source.ask(question, askingAs());
    expect(Number(price.usd)).toBeGreaterThanOrEqual(Number(least));
  });

  it('is named when a question with many groupings is too dear, before the calls are made', async () => {
    const emulated = await start();
    const { source } = emulated.open({ maxCalls: 5 });
    const asked = source.ask({ ...QUESTION, groupBy: ['service', 'usage_type', 'region', 'account'] }, askingAs());
    await expect(asked).rejects.toMatchObject({ kind: 'invalid_input', message: /would take \d+ calls, at least \$\d/ });
    expect(emulated.charged()).toBeLessThanOrEqual(5);
  });

  it('is refused before the first call when the budget does not suffice for the whole question', async () => {
    const emulated = await start();
    const { source } = emulated.open({ limits: { usdPerDay: 0.02 } });
    const asked = source.ask({ ...QUESTION, groupBy: ['service', 'account'] }, askingAs());
    await expect(asked).rejects.toMatchObject({ kind: 'budget_exceeded' });
    expect(emulated.charged()).toBe(0);
  });

  it('is limited for each caller, in the store that processes share', async () => {
    const emulated = await start();
    const store = openSqlite({ file: ':memory:' });
    const [one, other] = [
      emulated.open({ store, limits: { usdPerDayAndCaller: 0.01 } }),
      emulated.open({ store, limits: { usdPerDayAndCaller: 0.01 } }),
    ];
    await one.source.ask(QUESTION, askingAs('ann'));
    const next = { ...QUESTION, groupBy: ['region'] } as const;
    await expect(other.source.ask(next, askingAs('ann'))).rejects.toMatchObject({
      kind: 'budget_exceeded',
      message: /Your budget of \$0.01/,
    });
    await expect(other.source.ask(next, askingAs('bob'))).resolves.toMatchObject({ price: { usd: '0.01' } });
    expect(emulated.charged()).toBe(2);
  });
});

describe('several accounts', () => {
  const roleArn = 'arn:aws:iam::{account}:role/FairwayReadOnly';

  it('are added up, each with its own credentials', async () => {
    const emulated = await start();
    const { source } = emulated.open({ connections: { accounts, roleArn } });
    const { rows } = await source.ask({ ...QUESTION, groupBy: ['account'], granularity: 'total' }, askingAs());
    expect(rows.map(({ keys: [key] }) => key)).toEqual(accounts.toSorted());
  });

  it('of which one fails are answered without it, and it is named', async () => {
    const emulated = await start();
    emulated.aws.faults.add({ kind: 'access_denied', service: 'ce', account: MEMBER });
    const { source } = emulated.open({ connections: { accounts, roleArn } });
    const { rows, caveats } = await source.ask({ ...QUESTION, groupBy: ['account'], granularity: 'total' }, askingAs());
    expect(rows.map(({ keys: [key] }) => key)).toEqual(accounts.filter((id) => id !== MEMBER).toSorted());
    expect(caveats).toEqual([expect.stringMatching(`account ${MEMBER}.*not allowed.*Allow ce:GetCostAndUsage`)]);
  });

  it('do not count an account twice whose costs are on the bill of another one', async () => {
    const emulated = await start();
    const [management] = emulated.bill.organization.accounts;
    const { source: whole } = emulated.open();
    const { source } = emulated.open({ connections: { accounts: [management?.id ?? '', MEMBER], roleArn } });
    const [once, both] = [await whole.ask(QUESTION, askingAs()), await source.ask(QUESTION, askingAs())];
    expect(both.rows).toEqual(once.rows);
    expect(both.caveats).toEqual([expect.stringContaining(`The costs of account ${MEMBER} are part of another account's bill`)]);
  });
});

describe('a wrong value in a filter', () => {
  it('is named together with the nearest one that the bill knows', async () => {
    const emulated = await start();
    const { source } = emulated.open();
    const filter = { kind: 'is', dimension: 'service', values: ['Amazon Simple Storage Servise'] } as const;
    const { rows, caveats } = await source.ask({ ...QUESTION, filter }, askingAs());
    expect(rows).toEqual([]);
    expect(caveats).toEqual([
      'No charge in this period has service "Amazon Simple Storage Servise". Did you mean "Amazon Simple Storage Service"?',
    ]);
  });
});

describe('costs by resource', () => {
  it('are known for 14 days, over all services', async () => {
    const emulated = await start();
    const { source } = emulated.open();
    const question: BillQuestion = {
      ...QUESTION,
      period: { start: '2026-11-05', end: '2026-11-12' },
      granularity: 'total',
      groupBy: ['resource'],
    };
    const { rows } = await source.ask(question, askingAs());
    expect(rows.map(({ keys: [key] }) => key)).toContain('nat-0b5f3c2d9e8a71460');
    const older = source.ask({ ...question, period: { start: '2026-10-01', end: '2026-10-02' } }, askingAs());
    await expect(older).rejects.toMatchObject({ kind: 'invalid_input', remedy: /Begin the period on 2026-11-03/ });
  });
});

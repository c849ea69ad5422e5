import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BillQuestion } from '../../bill/question.ts';
import { type EmulatedAthena, emulateAthena } from './open-athena.fixture.ts';

const MARCH: BillQuestion = {
  period: { start: '2026-03-01', end: '2026-04-01' },
  granularity: 'total',
  metric: 'billed',
  groupBy: ['service'],
  filter: undefined,
  withUsage: false,
};

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(...options: Parameters<typeof emulateAthena>): Promise<EmulatedAthena> {
  const one = await emulateAthena(...options);
  closing.push(() => one.close());
  return one;
}

function ask({ source }: EmulatedAthena, question: Partial<BillQuestion> = {}, signal = AbortSignal.timeout(60_000)) {
  return source.ask({ ...MARCH, ...question }, { signal, principal: { id: 'test' } });
}

describe('a question to Athena', () => {
  it('says what was read and what that costs, each query at least ten megabytes', async () => {
    const athena = await opened();
    const first = await ask(athena);
    expect(first.price).toEqual({ pages: 0, bytesScanned: 2 * 12_345_678, usd: '0.0001234568' });
    expect((await ask(athena)).price).toEqual({ pages: 0, bytesScanned: 12_345_678, usd: '0.0000617284' });
    expect(athena.source.priceOf()).toBe('0.00005');
  });

  it('always names the partitions that it is about', async () => {
    const athena = await opened();
    await ask(athena);
    await athena.source.values(
      { period: MARCH.period, dimension: 'account', search: undefined },
      { signal: AbortSignal.timeout(60_000), principal: { id: 'test' } },
    );
    expect(athena.queries.statements.length).toBe(3);
    for (const statement of athena.queries.statements) expect(statement).toContain(`"billing_period" >= '2026-03'`);
  });

  it('is refused where the table has no partition to name', async () => {
    const athena = await opened({ settings: { partition: 'month' } });
    await expect(ask(athena)).rejects.toMatchObject({ kind: 'upstream_rejected', message: expect.stringContaining('no partition month') });
    expect(athena.queries.statements).toEqual([]);
  });

  it('keeps values that look like SQL values', async () => {
    const athena = await opened();
    const evil = `x' OR '1'='1`;
    const { rows } = await ask(athena, { filter: { kind: 'is', dimension: `tag:te"am'`, values: [evil] } });
    expect(rows).toEqual([]);
    expect(athena.queries.statements.at(-1)).toContain("'x'' OR ''1''=''1'");
  });

  it('is started once, also when the answer to the start is lost', async () => {
    const athena = await opened();
    athena.aws.faults.add({ kind: 'lost_answer', service: 'athena', operation: 'StartQueryExecution', times: 1 });
    await ask(athena);
    expect(athena.queries.statements).toHaveLength(2);
  });

  it.each(['throttled', 'internal_error', 'truncated', 'garbage'] as const)(
    'comes through when calls are %s now and then',
    async (kind) => {
      const athena = await opened();
      athena.aws.faults.add({ kind, service: 'athena', operation: 'GetQueryExecution', times: 1 });
      const { rows } = await ask(athena).catch((error: unknown) => {
        expect(error).toMatchObject({ kind: 'upstream_unavailable' });
        return { rows: ['not answered'] };
      });
      expect(rows.length).toBeGreaterThan(0);
    },
  );

  it('says in plain words that credentials have expired', async () => {
    const athena = await opened();
    athena.aws.faults.add({ kind: 'expired_credentials', service: 'athena' });
    await expect(ask(athena)).rejects.toMatchObject({ kind: 'upstream_rejected', message: expect.stringContaining('expired') });
  });

  it('is stopped when its caller leaves', async () => {
    const athena = await opened({ backend: { runningReads: 1e9 } });
    const leaving = new AbortController();
    const answer = ask(athena, {}, leaving.signal);
    await vi.waitFor(
      () => expect(athena.aws.requests.filter(({ operation }) => operation === 'GetQueryExecution').length).toBeGreaterThan(1),
      {
        timeout: 60_000,
      },
    );
    leaving.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    expect(athena.queries.stopped).toEqual(['query-1']);
  });

  it('is stopped when it has read more than the cutoff', async () => {
    const athena = await opened({ backend: { runningReads: 1e9, bytesWhileRunning: 2_000_000_000 } });
    await expect(ask(athena)).rejects.toMatchObject({ kind: 'budget_exceeded', message: expect.stringContaining('1,000 MB') });
    expect(athena.queries.stopped).toEqual(['query-1']);
  });

  it('tells a faulty export from a service that fails', async () => {
    const bad = await opened({ files: { change: (fields) => ({ ...fields, BilledCost: 'NaN' }) } });
    await expect(ask(bad)).rejects.toMatchObject({ kind: 'upstream_rejected', message: expect.stringContaining('not a number') });
    const failing = await opened({ backend: { run: () => Promise.reject(new Error('GENERIC_INTERNAL_ERROR: secret detail')) } });
    const failure = ask(failing);
    await expect(failure).rejects.toMatchObject({ kind: 'upstream_unavailable' });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
  });

  it.each(['Query exhausted: Bytes scanned limit was exceeded', 'BYTES SCANNED LIMIT'])(
    'knows the cutoff of the workgroup: %s',
    async (reason) => {
      const athena = await opened({ backend: { run: () => Promise.reject(new Error(reason)) } });
      await expect(ask(athena)).rejects.toMatchObject({ kind: 'budget_exceeded', message: expect.stringContaining('workgroup') });
    },
  );
});

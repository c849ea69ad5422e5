import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditDurability, type AuditEntry, type AuditRecords, createAuditTrail } from './audit.ts';
import { type AuditHead, type AuditRow, verifyAuditTrail } from './audit-chain.ts';

/** Storage in memory; the store's own tests cover the real one. */
function memoryRecords() {
  const state = { rows: [] as AuditRow[], head: undefined as AuditHead | undefined, appends: 0, durabilities: [] as AuditDurability[] };
  const records: AuditRecords = {
    async append(link, { durability }) {
      state.appends += 1;
      state.durabilities.push(durability);
      const rows = link(state.head);
      state.rows.push(...rows);
      const last = rows.at(-1);
      if (last !== undefined) state.head = { sequence: last.sequence, hash: last.hash };
    },
    read: async (after, limit) => state.rows.filter((row) => row.sequence > after).slice(0, limit),
    countBelowFirst: async () => state.rows.filter((row) => row.sequence < 1).length,
    head: async () => state.head,
  };
  return { state, records };
}

const entry = (tool: string): AuditEntry => ({
  time: '2026-01-01T00:00:00.000Z',
  server: 'notes',
  principal: 'local',
  tool,
  arguments: {},
  outcome: 'ok',
  duration_ms: 1,
  trace_id: '0'.repeat(32),
});

async function trailOf(count: number, prefix = 'tool') {
  const memory = memoryRecords();
  const trail = createAuditTrail(memory.records);
  await Promise.all(Array.from({ length: count }, (_, index) => trail.record(entry(`${prefix}_${index}`))));
  return memory;
}

describe('the audit trail', () => {
  it('links every entry to the one before, across commits', async () => {
    const { state, records } = memoryRecords();
    const trail = createAuditTrail(records);
    for (let round = 0; round < 3; round += 1) await Promise.all([trail.record(entry('a')), trail.record(entry('b'))]);
    expect(state.rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await verifyAuditTrail(records, { pageSize: 2 })).toMatchObject({ intact: true, rows: 6 });
  });

  it('commits the entries of one turn of the event loop together', async () => {
    expect((await trailOf(100)).state.appends).toBe(1);
  });

  it('gathers entries while each turn brings another one, up to a limit', async () => {
    const { state, records } = memoryRecords();
    const trail = createAuditTrail(records);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    for (let entries = 0; entries < 10; entries += 1) {
      const next = turn();
      void trail.record(entry('a'));
      await next;
    }
    await trail.drain();
    expect([state.rows.length, state.appends]).toEqual([10, 1]);
    const many = Array.from({ length: 150 }, async (_, after) => {
      for (let turns = 0; turns < after; turns += 1) await turn();
      await trail.record(entry('b'));
    });
    await Promise.all(many);
    expect(state.rows).toHaveLength(160);
    expect(state.appends).toBeGreaterThanOrEqual(3);
    expect(await verifyAuditTrail(records)).toMatchObject({ intact: true, rows: 160 });
  });

  it('has two commits in flight at most; entries in the meantime share the next one', async () => {
    const { state, records } = memoryRecords();
    const gates: (() => void)[] = [];
    const slow = {
      ...records,
      append: async (...append: Parameters<typeof records.append>) => {
        await new Promise<void>((open) => gates.push(open));
        await records.append(...append);
      },
    };
    const trail = createAuditTrail(slow);
    const recorded: Promise<void>[] = [];
    for (let round = 0; round < 6; round += 1) {
      recorded.push(trail.record(entry('a')));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(gates).toHaveLength(2);
    for (const open of gates) open();
    await expect.poll(() => gates.length).toBe(3);
    gates[2]?.();
    await Promise.all(recorded);
    expect([state.rows.length, state.appends]).toEqual([6, 3]);
  });

  it('does not make an entry that needs no flush wait for one that does, and chains both', async () => {
    const { state, records } = memoryRecords();
    const { promise: disk, resolve: flush } = Promise.withResolvers<void>();
    const slowToFlush: AuditRecords = {
      ...records,
      async append(link, options) {
        await records.append(link, options);
        if (options.durability === 'flushed') await disk;
      },
    };
    const trail = createAuditTrail(slowToFlush);
    let isWritten = false;
    const writing = trail.record(entry('write_note')).then(() => {
      isWritten = true;
    });
    await Promise.all([trail.record(entry('read_note'), 'committed'), trail.record(entry('list_notes'), 'committed')]);
    await trail.record(entry('read_note'), 'committed');
    expect(isWritten).toBe(false);
    flush();
    await writing;
    expect([state.durabilities.filter((one) => one === 'flushed').length, state.rows.length]).toEqual([1, 4]);
    expect(await verifyAuditTrail(records)).toMatchObject({ intact: true, rows: 4 });
  });

  it('is intact when empty', async () => {
    expect(await verifyAuditTrail(memoryRecords().records)).toMatchObject({ intact: true, rows: 0 });
  });

  it('rejects for every waiting caller when the rows cannot be stored, and works again once they can', async () => {
    const { state, records } = memoryRecords();
    let full = true;
    const trail = createAuditTrail({
      ...records,
      append: (...append) => (full ? Promise.reject(new Error('disk full')) : records.append(...append)),
    });
    const results = await Promise.allSettled([trail.record(entry('a')), trail.record(entry('b'))]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await trail.drain();
    full = false;
    await trail.record(entry('c'));
    expect(state.rows).toHaveLength(1);
    expect(await verifyAuditTrail(records)).toMatchObject({ intact: true, rows: 1 });
  });

  it('fails the callers whose rows are not stored in time, also those that come while a commit is stuck, and recovers', async () => {
    const { state, records } = memoryRecords();
    const stuck = Promise.withResolvers<void>();
    let isStuck = true;
    const trail = createAuditTrail(
      { ...records, append: (...append) => (isStuck ? stuck.promise : records.append(...append)) },
      { timeoutMs: 100 },
    );
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    const recorded: Promise<string>[] = [];
    for (let round = 0; round < 4; round += 1) {
      recorded.push(
        trail.record(entry('a')).then(
          () => 'stored',
          (error: Error) => error.message,
        ),
      );
      await turn();
    }
    expect(trail.waitingMs()).toBeGreaterThan(0);
    const late = 'Audit rows were not stored within 0.1 s.';
    expect(await Promise.all(recorded)).toEqual([late, late, late, late]);
    await expect(trail.record(entry('b'))).rejects.toThrow(late);
    await trail.drain();
    expect(trail.waitingMs()).toBeGreaterThan(100);
    isStuck = false;
    stuck.resolve();
    await expect.poll(() => trail.waitingMs()).toBe(0);
    await trail.record(entry('c'));
    expect(state.rows.map(({ body }) => JSON.parse(body).tool)).toEqual(['c']);
  });

  it('detects a change to any part of any row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        fc.constantFrom('body', 'hash', 'previous'),
        async (count, pick, field) => {
          const { state, records } = await trailOf(count);
          const at = pick % count;
          const row = state.rows[at];
          if (row === undefined) throw new Error('no row');
          state.rows[at] = {
            ...row,
            [field]: field === 'body' ? row.body.replace('"ok"', '"no"') : row[field].replace(/^./, (c) => (c === '1' ? '2' : '1')),
          };
          expect(await verifyAuditTrail(records)).toMatchObject({ intact: false, sequence: at + 1 });
        },
      ),
    );
  });

  it('detects removed rows, at the start, in the middle and at the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(), async (count, pick) => {
        const { state, records } = await trailOf(count);
        state.rows.splice(pick % count, 1);
        expect((await verifyAuditTrail(records)).intact).toBe(false);
      }),
    );
  });

  it('detects rows that were added before the first one', async () => {
    for (const sequence of [0, -1, Number.MIN_SAFE_INTEGER]) {
      const { state, records } = await trailOf(3);
      const [first] = state.rows;
      if (first === undefined) throw new Error('no rows');
      state.rows.unshift({ ...first, sequence });
      expect(await verifyAuditTrail(records)).toMatchObject({ intact: false, problem: '1 row was added with a number below 1' });
    }
  });

  it('detects a trail that was replaced, when a hash of the old one is known', async () => {
    const { records } = await trailOf(3);
    const before = await verifyAuditTrail(records);
    if (!before.intact) throw new Error(before.problem);
    await createAuditTrail(records).record(entry('later'));
    const after = await verifyAuditTrail(records, { expectedHash: before.hash });
    expect(after).toMatchObject({ intact: true, rows: 4 });
    expect(after).not.toMatchObject({ hash: before.hash });
    for (const count of [0, 2, 4]) {
      const other = await trailOf(count, 'forged');
      expect(await verifyAuditTrail(other.records, { expectedHash: before.hash })).toMatchObject({
        intact: false,
        problem: expect.stringContaining('no row has the expected hash'),
      });
    }
  });

  it('detects reordered rows, even when their numbers were swapped too', async () => {
    const { state, records } = await trailOf(4);
    const [first, second, ...rest] = state.rows;
    if (first === undefined || second === undefined) throw new Error('no rows');
    state.rows = [{ ...second, sequence: 1 }, { ...first, sequence: 2 }, ...rest];
    expect(await verifyAuditTrail(records)).toMatchObject({ intact: false, sequence: 1 });
  });
});

import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { defineTool } from '../src/index.ts';
import { type Ledger, ledger } from './fixture/ledger.ts';
import { type Json, sendModern } from './support/http.ts';
import { serveWithKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';

const ERROR = 'io.github.fairway-mcp/error';

async function serveLedger(args: readonly string[] = []) {
  const { runtime, url } = await serveFixture(['--allow-unconfirmed', 'pay_bill', ...args], ledger);
  const call = async (name: string, input: object): Promise<Json> =>
    (await sendModern(url, 'tools/call', { name, arguments: input })).json.result;
  return { upstream: runtime.services as Ledger, call, url, runtime };
}

const payment = { amount: 250, idempotency_key: 'invoice-0001' };

describe('a write whose answer is lost', () => {
  it('is reported as made when the server finds that it happened', async () => {
    const { upstream, call } = await serveLedger();
    upstream.next = 'lose after';
    expect((await call('pay_bill', payment)).structuredContent).toEqual({ paid: 250 });
    expect((await call('pay_bill', payment)).structuredContent).toEqual({ paid: 250 });
    expect([upstream.payments.size, upstream.settled]).toEqual([1, 1]);
  });

  it('is reported as not made when the server finds that it did not happen, and can then be made under the same key', async () => {
    const { upstream, call } = await serveLedger();
    upstream.next = 'lose before';
    expect((await call('pay_bill', payment))._meta[ERROR]).toMatchObject({
      kind: 'upstream_unavailable',
      message: expect.stringContaining('did not take effect'),
    });
    expect(upstream.payments.size).toBe(0);
    expect((await call('pay_bill', payment)).structuredContent).toEqual({ paid: 250 });
    expect(upstream.payments.size).toBe(1);
  });

  it('stays unknown while it cannot be found out, and is settled when it is requested again', async () => {
    const { upstream, call } = await serveLedger();
    upstream.next = 'lose after';
    upstream.isReadable = false;
    for (let round = 0; round < 2; round += 1) expect((await call('pay_bill', payment))._meta[ERROR].kind).toBe('unknown_outcome');
    upstream.isReadable = true;
    expect((await call('pay_bill', payment)).structuredContent).toEqual({ paid: 250 });
    expect([...upstream.payments]).toEqual([['invoice-0001', 250]]);
  });

  it('is never settled while its function still runs: a repeated call waits for it', async () => {
    const { upstream, call } = await serveLedger(['--deadline-seconds', '1']);
    upstream.next = 'hang';
    expect((await call('pay_bill', payment))._meta[ERROR].kind).toBe('unknown_outcome');
    expect((await call('pay_bill', payment))._meta[ERROR].kind).toMatch(/timeout|cancelled/);
    expect(upstream.settled).toBe(0);
    upstream.release();
    await vi.waitFor(async () => expect((await call('pay_bill', payment)).structuredContent).toEqual({ paid: 250 }));
    expect([upstream.payments.size, upstream.settled]).toEqual([1, 0]);
  });
});

describe('a write whose deadline passes before it starts', () => {
  it('is never made afterwards', async () => {
    const { upstream, call, runtime } = await serveLedger(['--deadline-seconds', '1']);
    upstream.next = 'hang and reject';
    await call('pay_bill', payment);
    expect((await call('pay_bill', payment))._meta[ERROR].kind).toMatch(/timeout|cancelled/);
    upstream.release();
    await expect.poll(() => upstream.ended).toBe(2);
    const journal = await runtime.store.all("SELECT key FROM write_journal WHERE key = 'invoice-0001'", []);
    expect([upstream.payments.size, journal]).toEqual([0, []]);
  });
});

describe('a write that does not ask', () => {
  it('runs for a client that cannot ask, and writes once for each key', async () => {
    const { upstream, call } = await serveLedger();
    const note = { note: 'milk', idempotency_key: 'note-0001' };
    for (let round = 0; round < 3; round += 1) expect((await call('add_note', note)).structuredContent).toEqual({ notes: 1 });
    expect(upstream.notes).toEqual(['milk']);
    expect((await call('add_note', { ...note, note: 'wine' }))._meta[ERROR].kind).toBe('conflict');
  });

  it('leaves its key free when it certainly wrote nothing, and reserved when it may have', async () => {
    const { call } = await serveLedger();
    const keyed = (key: string, how: string) => call('add_note', { note: 'milk', idempotency_key: key, how });
    expect((await keyed('note-0001', 'reject'))._meta[ERROR]).toMatchObject({ kind: 'conflict', message: 'There is such a note.' });
    expect((await keyed('note-0001', 'add')).structuredContent).toEqual({ notes: 1 });
    expect((await keyed('note-0002', 'break'))._meta[ERROR].kind).toBe('unknown_outcome');
    expect((await keyed('note-0002', 'break'))._meta[ERROR].kind).toBe('unknown_outcome');
  });

  it('cannot ask all the same', async () => {
    const { upstream, call } = await serveLedger();
    expect((await call('add_note', { note: 'milk', how: 'ask' })).isError).toBe(true);
    expect(upstream.notes).toEqual([]);
  });

  it('is hidden on a server that only reads', async () => {
    const { url } = await serveFixture(['--read-only'], ledger);
    const { tools } = (await sendModern(url, 'tools/list')).json.result;
    expect(tools.map(({ name }: Json) => name)).toEqual(['list_notes', 'close_month']);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['destroy', { withoutConfirmation: 'own-state' }, 'cannot be withoutConfirmation'],
    ['read', { withoutConfirmation: 'undoable' }, 'cannot be withoutConfirmation'],
    ['read', { settle: () => ({ outcome: 'unknown' }) }, 'nothing to settle'],
    ['read', { scope: 'a:b' }, 'not the last part of a scope'],
    ['read', { listSnapshot: () => 'x' }, 'no list'],
    ['read', { list: 'things', listSnapshot: () => 'x', listVersion: () => 'x' }, 'not both'],
  ])('is rejected in a definition with access %s and %o', (access, more, message) => {
    const definition = {
      name: 'x',
      title: 'X',
      description: 'X',
      access,
      input: z.object({}),
      output: z.object({}),
      run: () => ({}),
      text: () => '',
    };
    expect(() => defineTool({ ...definition, ...more } as Parameters<typeof defineTool>[0])).toThrow(message);
  });
});

describe("a tool's own scope", () => {
  it('is needed in place of the one that follows from its access', async () => {
    const { server, keys } = await serveWithKeys(
      [
        { name: 'ann', scopes: ['ledger:write'] },
        { name: 'bob', scopes: ['ledger:pay'] },
      ],
      ['--allow-unconfirmed', 'pay_bill'],
      ledger,
    );
    const [ann, bob] = keys.map(({ key }) => ({ headers: { Authorization: `Bearer ${key}` } }));
    const params = { name: 'pay_bill', arguments: payment };
    const refused = await sendModern(server.url, 'tools/call', params, ann);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([403, expect.stringContaining('scope="ledger:pay"')]);
    expect((await sendModern(server.url, 'tools/call', params, bob)).json.result.structuredContent).toEqual({ paid: 250 });
  });
});

describe('a list that is cut from a snapshot', () => {
  it('goes on as it was on the first page, whatever is added meanwhile', async () => {
    const { upstream, call } = await serveLedger();
    upstream.notes.push('a', 'b', 'c');
    const first = (await call('list_notes', { limit: 2 })).structuredContent;
    upstream.notes.push('d', 'e');
    const second = (await call('list_notes', { limit: 2, cursor: first.next_cursor })).structuredContent;
    expect(first).toMatchObject({ notes: ['a', 'b'], total: 3 });
    expect(second).toMatchObject({ notes: ['c'], total: 3, revision: 'r3' });
    expect(second).not.toHaveProperty('next_cursor');
  });

  it('says so when the snapshot is gone', async () => {
    const { upstream, call } = await serveLedger();
    upstream.notes.push('a', 'b', 'c');
    const { next_cursor: cursor } = (await call('list_notes', { limit: 2 })).structuredContent;
    upstream.notes.length = 0;
    expect((await call('list_notes', { limit: 2, cursor }))._meta[ERROR]).toMatchObject({ kind: 'conflict' });
  });

  it('rejects a cursor of other arguments before the tool runs', async () => {
    const { upstream, call } = await serveLedger();
    upstream.notes.push('a', 'b', 'c');
    const { next_cursor: cursor } = (await call('list_notes', { limit: 2 })).structuredContent;
    upstream.notes.length = 0;
    expect((await call('list_notes', { limit: 2, prefix: 'a', cursor }))._meta[ERROR]).toMatchObject({ kind: 'invalid_input' });
    expect((await call('list_notes', { cursor: 'garbage' }))._meta[ERROR]).toMatchObject({ kind: 'invalid_input' });
  });
});

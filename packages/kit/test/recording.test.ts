import { createAuditLog, type Durability } from '@fairway-mcp/store';
import { describe, expect, it, vi } from 'vitest';
import { sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const echo = ['tools/call', { name: 'echo', arguments: { text: 'x' } }] as const;
const addNote = ['tools/call', { name: 'add_note', arguments: { note: 'milk' } }] as const;
const failingNote = ['tools/call', { name: 'add_note', arguments: { note: 'milk', fail_after: true } }] as const;
const readNotes = ['resources/read', { uri: 'notes://all' }] as const;

/** Sends requests one after the other. @returns the durability with which each audit row was stored */
async function record(requests: readonly (readonly [string, Record<string, unknown>])[], args: readonly string[]): Promise<Durability[]> {
  const { runtime, url } = await serveFixture(['--allow-unconfirmed', 'add_note', ...args]);
  const transaction = vi.spyOn(runtime.store, 'transaction');
  for (const [method, params] of requests) await sendModern(url, method, params);
  return transaction.mock.calls.flatMap(([, options]) => options?.durability ?? []);
}

describe('the audit row of a request', () => {
  it('is flushed before the answer of a write, also of a failed one, and only committed before that of a read', async () => {
    expect(await record([echo, addNote, failingNote, readNotes], [])).toEqual(['committed', 'flushed', 'flushed', 'committed']);
  });

  it('is flushed before every answer with --audit-flush always', async () => {
    expect(await record([echo, addNote, readNotes], ['--audit-flush', 'always'])).toEqual(['flushed', 'flushed', 'flushed']);
  });

  it('holds arguments in the form that the tool takes, also when they were given in another one that is accepted', async () => {
    const { runtime, url } = await serveFixture([]);
    const recorded = async (given: Record<string, unknown>) => {
      await sendModern(url, 'tools/call', { name: 'list_numbers', arguments: given });
      const { body = '' } = (await (await createAuditLog(runtime.store)).read(0, 100)).at(-1) ?? {};
      return JSON.parse(body).arguments;
    };
    expect(await recorded({ count: '5', kind: 'padded' })).toEqual({ count: 5, kind: 'padded' });
    expect(await recorded({ count: 'hunter2', kind: 'hunter2' })).toEqual({
      count: '[text, 7 characters]',
      kind: '[text, 7 characters]',
    });
  });
});

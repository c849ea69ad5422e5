import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Json, openSession, sendModern } from './support/http.ts';
import { withKeys } from './support/keys.ts';
import { serveFixture } from './support/serve.ts';

const ERROR = 'io.github.fairway-mcp/error';
const asking = { capabilities: { elicitation: { form: {} } } };
const yes = { confirm: { action: 'accept', content: { confirm: true } } };
const note = (text: string, more: object = {}) => ({ name: 'add_note', arguments: { note: text, ...more } });

/** The first request of a write: returns the question, and the state that must be sent with its answer. */
async function ask(url: string, params: object = note('milk')) {
  const { json } = await sendModern(url, 'tools/call', { ...params }, asking);
  expect(json.result.resultType).toBe('input_required');
  return json.result as { inputRequests: Json; requestState: string };
}

function errorOf({ json }: { json: Json }): Json {
  return json.result._meta?.[ERROR];
}

describe('a write that needs confirmation', () => {
  it('happens once after the user has accepted', async () => {
    const { runtime, url } = await serveFixture();
    const { inputRequests, requestState } = await ask(url);
    expect(inputRequests.confirm).toMatchObject({ method: 'elicitation/create', params: { message: 'Keep the note "milk"?' } });
    const done = await sendModern(url, 'tools/call', { ...note('milk'), inputResponses: yes, requestState }, asking);
    expect(done.json.result.structuredContent).toEqual({ notes: 1 });
    const replayed = await sendModern(url, 'tools/call', { ...note('milk'), inputResponses: yes, requestState }, asking);
    expect(errorOf(replayed)).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining('used already') });
    expect(runtime.services).toEqual({ items: ['milk'] });
  });

  it.each([
    ['declines', { confirm: { action: 'decline' } }],
    ['cancels', { confirm: { action: 'cancel' } }],
    ['accepts without ticking the box', { confirm: { action: 'accept', content: { confirm: false } } }],
    ['accepts without any content', { confirm: { action: 'accept' } }],
  ])('does not happen when the user %s', async (_how, inputResponses) => {
    const { runtime, url } = await serveFixture();
    const { requestState } = await ask(url);
    const answer = await sendModern(url, 'tools/call', { ...note('milk'), inputResponses, requestState }, asking);
    expect(errorOf(answer)).toMatchObject({ kind: 'cancelled', message: expect.stringContaining('Nothing was changed') });
    expect(runtime.services).toEqual({ items: [] });
  });

  it('does not happen with a state that was modified or invented', async () => {
    const { runtime, url } = await serveFixture();
    const { requestState } = await ask(url);
    const [version, body = '', mac] = requestState.split('.');
    const forged = Buffer.from(body, 'base64url').toString().replace('milk', 'wine');
    for (const state of [
      `${version}.${Buffer.from(forged).toString('base64url')}.${mac}`,
      `${requestState.slice(0, -2)}AA`,
      'v1.e30.e30',
      '',
      'x',
    ]) {
      const answer = await sendModern(url, 'tools/call', { ...note('milk'), inputResponses: yes, requestState: state }, asking);
      expect(errorOf(answer).kind).toBe('invalid_input');
    }
    expect(runtime.services).toEqual({ items: [] });
  });

  it('does not happen with other arguments or by another tool than the user agreed to', async () => {
    const { runtime, url } = await serveFixture();
    const { requestState } = await ask(url);
    for (const params of [note('wine'), { name: 'wipe_notes', arguments: {} }]) {
      const answer = await sendModern(url, 'tools/call', { ...params, inputResponses: yes, requestState }, asking);
      expect(errorOf(answer)).toMatchObject({ kind: 'invalid_input', message: expect.stringContaining('another call') });
    }
    expect(runtime.services).toEqual({ items: [] });
  });

  it('does not happen for another caller than the one that was asked', async () => {
    const { server, keys } = await withKeys({ name: 'ann', scopes: ['*'] }, { name: 'bob', scopes: ['*'] });
    const [ann, bob] = keys.map(({ key }) => ({ ...asking, headers: { Authorization: `Bearer ${key}` } }));
    const { requestState } = (await sendModern(server.url, 'tools/call', note('milk'), ann)).json.result;
    const retry = { ...note('milk'), inputResponses: yes, requestState };
    expect(errorOf(await sendModern(server.url, 'tools/call', retry, bob))).toMatchObject({
      kind: 'invalid_input',
      message: expect.stringContaining('another call'),
    });
    expect(server.runtime.services).toEqual({ items: [] });
    expect((await sendModern(server.url, 'tools/call', retry, ann)).json.result.structuredContent).toEqual({ notes: 1 });
  });

  it.each([
    ['in time', 599, ['milk']],
    ['too late', 601, []],
  ])('happens only within ten minutes of the question: %s', async (_when, seconds, items) => {
    const { runtime, url } = await serveFixture();
    const { requestState } = await ask(url);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    onTestFinished(() => void vi.useRealTimers());
    const answer = await sendModern(url, 'tools/call', { ...note('milk'), inputResponses: yes, requestState }, asking);
    expect(errorOf(answer)?.message).toEqual(items.length > 0 ? undefined : expect.stringContaining('older than ten minutes'));
    expect(runtime.services).toEqual({ items });
  });

  it('happens once when the same answer arrives many times concurrently', async () => {
    const { runtime, url } = await serveFixture();
    const { requestState } = await ask(url);
    const retry = { ...note('milk'), inputResponses: yes, requestState };
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendModern(url, 'tools/call', retry, asking)));
    expect(answers.filter((answer) => errorOf(answer) === undefined)).toHaveLength(1);
    expect(runtime.services).toEqual({ items: ['milk'] });
  });

  it('asks again when the answer is missing', async () => {
    const { url } = await serveFixture();
    const { requestState } = await ask(url);
    const again = await sendModern(url, 'tools/call', { ...note('milk'), requestState }, asking);
    expect(again.json.result.resultType).toBe('input_required');
    expect(again.json.result.requestState).not.toBe(requestState);
  });

  it('is refused with a remedy for a client that cannot ask its user', async () => {
    const { runtime, url } = await serveFixture();
    const session = await openSession(url);
    for (const answer of [await sendModern(url, 'tools/call', note('milk')), await session.request('tools/call', note('milk'))]) {
      expect(errorOf(answer)).toMatchObject({
        kind: 'confirmation_required',
        remedy: expect.stringContaining('--allow-unconfirmed add_note'),
      });
    }
    expect(runtime.services).toEqual({ items: [] });
  });

  it('happens without a question where the operator allows it', async () => {
    const { url } = await serveFixture(['--allow-unconfirmed', 'add_note']);
    expect((await sendModern(url, 'tools/call', note('milk'))).json.result.structuredContent).toEqual({ notes: 1 });
    expect(errorOf(await sendModern(url, 'tools/call', { name: 'wipe_notes', arguments: {} })).kind).toBe('confirmation_required');
  });

  it('is hidden and cannot be called on a read-only server', async () => {
    const { url } = await serveFixture(['--read-only']);
    const { tools } = (await sendModern(url, 'tools/list')).json.result;
    expect(tools.every((tool: Json) => tool.annotations.readOnlyHint)).toBe(true);
    expect((await sendModern(url, 'tools/call', note('milk'), asking)).json.error.code).toBe(-32602);
  });
});

describe('an idempotency key', () => {
  const allowed = ['--allow-unconfirmed', 'add_note'];
  const keyed = (text: string, more: object = {}) => note(text, { idempotency_key: 'key-0001', ...more });

  it('returns the same answer again and writes once', async () => {
    const { runtime, url } = await serveFixture(allowed);
    const answers = [];
    for (let round = 0; round < 3; round += 1)
      answers.push((await sendModern(url, 'tools/call', keyed('milk'))).json.result.structuredContent);
    expect(answers).toEqual([{ notes: 1 }, { notes: 1 }, { notes: 1 }]);
    expect(runtime.services).toEqual({ items: ['milk'] });
  });

  it('is refused with other arguments than those it was first used with', async () => {
    const { url } = await serveFixture(allowed);
    await sendModern(url, 'tools/call', keyed('milk'));
    expect(errorOf(await sendModern(url, 'tools/call', keyed('wine')))).toMatchObject({ kind: 'conflict' });
  });

  it('lets one of two concurrent calls write', async () => {
    const { runtime, url } = await serveFixture(allowed);
    await Promise.all(Array.from({ length: 8 }, () => sendModern(url, 'tools/call', keyed('milk'))));
    expect(runtime.services).toEqual({ items: ['milk'] });
  });

  it('never repeats a write with an unknown outcome', async () => {
    const { runtime, url } = await serveFixture(allowed);
    const failing = keyed('milk', { fail_after: true });
    expect(errorOf(await sendModern(url, 'tools/call', failing))).toMatchObject({ kind: 'unknown_outcome' });
    expect(errorOf(await sendModern(url, 'tools/call', failing))).toMatchObject({
      kind: 'unknown_outcome',
      remedy: expect.stringContaining('new key'),
    });
    expect(runtime.services).toEqual({ items: ['milk'] });
  });
});

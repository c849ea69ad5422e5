import { describe, expect, it, vi } from 'vitest';
import { sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const echo = ['tools/call', { name: 'echo', arguments: { text: 'x' } }] as const;

describe('a commit of audit rows that does not end', () => {
  it('is reported in /health as long as it lasts, and does not keep later calls waiting for ever', { timeout: 120_000 }, async () => {
    const { runtime, url } = await serveFixture();
    const health = async () => (await fetch(url.replace('/mcp', '/health'))).json();
    expect(await health()).toMatchObject({ status: 'ok' });
    const stuck = Promise.withResolvers<never>();
    vi.spyOn(runtime.store, 'transaction').mockImplementation(() => stuck.promise);
    vi.spyOn(runtime.store, 'ping').mockResolvedValue();
    const answer = sendModern(url, ...echo);
    await expect.poll(health, { timeout: 60_000, interval: 200 }).toMatchObject({
      status: 'down',
      dependencies: { store: { status: 'failed', detail: expect.stringMatching(/Audit rows have been waiting for \d+ s/) } },
    });
    const { result } = (await answer).json;
    expect(result._meta['io.github.fairway-mcp/error'].message).toContain('audit record could not be stored');
    vi.restoreAllMocks();
    stuck.reject(new Error('the disk is back'));
    expect((await sendModern(url, ...echo)).json.result.structuredContent).toEqual({ text: 'x' });
    expect(await health()).toMatchObject({ status: 'ok' });
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineServer, defineTool } from '../src/index.ts';
import { send, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

/** A call that keeps the process busy, as an evaluation of a large list does. */
const compute = defineTool({
  name: 'compute',
  title: 'Compute',
  description: 'Computes for a while.',
  access: 'read',
  input: z.object({ ms: z.int().min(0).max(1_000).describe('How long, in milliseconds') }),
  output: z.object({ done: z.boolean() }),
  run({ ms }) {
    const end = performance.now() + ms;
    while (performance.now() < end);
    return { done: true };
  },
  text: () => 'Done.',
});

const busy = defineServer({
  name: 'busy',
  title: 'Busy',
  description: 'A server whose calls compute.',
  version: '1.0.0',
  config: z.object({}),
  services: () => ({}),
  tools: [compute],
});

describe('calls that keep the process busy', () => {
  it('let what came later and takes no time be answered in between', async () => {
    const { url } = await serveFixture(['--rate-limit', '0'], busy);
    const answered: string[] = [];
    const ask = async (name: string, asking: Promise<{ status: number }>) => {
      expect((await asking).status).toBe(200);
      answered.push(name);
    };
    const calls = Array.from({ length: 50 }, () => ask('call', sendModern(url, 'tools/call', { name: 'compute', arguments: { ms: 30 } })));
    const health = ask('health', send(url.replace('/mcp', '/health'), { method: 'GET' }));
    await Promise.all([...calls, health]);
    expect(answered.indexOf('health')).toBeLessThan(40);
  });
});

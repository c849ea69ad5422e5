import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type Context, defineServer, defineTool } from '../src/index.ts';
import { sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const draw = defineTool({
  name: 'draw',
  title: 'Draw',
  description: 'Draws a picture of so many bytes.',
  access: 'read',
  input: z.object({ bytes: z.int().min(0).max(1_000_000).describe('Of the picture') }),
  output: z.object({ drawn: z.boolean() }),
  run({ bytes }, { attach }: Context<undefined>) {
    if (bytes > 0) attach({ type: 'image', mimeType: 'image/png', data: 'A'.repeat(bytes) });
    return { drawn: bytes > 0 };
  },
  text: ({ drawn }) => (drawn ? 'Drawn.' : 'Nothing drawn.'),
});

const drawing = defineServer({
  name: 'drawing',
  title: 'Drawing',
  description: 'Draws.',
  version: '1.0.0',
  config: z.object({}),
  services: () => undefined,
  tools: [draw],
});

describe('what a tool attaches', () => {
  it('follows the text of its own answer, and does not count for the byte budget', async () => {
    const { url } = await serveFixture([], drawing);
    const contentOf = async (bytes: number) => {
      const { json } = await sendModern(url, 'tools/call', { name: 'draw', arguments: { bytes } });
      return json.result.content;
    };
    const [text, image, ...more] = await contentOf(100_000);
    expect(text).toEqual({ type: 'text', text: 'Drawn.' });
    expect([image.type, image.data.length, more]).toEqual(['image', 100_000, []]);
    expect(await contentOf(0)).toEqual([{ type: 'text', text: 'Nothing drawn.' }]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, defineTool, ToolError } from '@fairway-mcp/kit';
import * as z from 'zod';
import { RED_PIXEL, SILENCE } from './samples.ts';

type ContentBlock = ReturnType<NonNullable<ReturnType<typeof defineTool>['definition']['content']>>[number];

/** A tool that always answers with the same content. */
function contentTool(name: string, content: readonly ContentBlock[]) {
  return defineTool({
    name,
    title: name,
    description: `Answers with ${content.map(({ type }) => type).join(', ')}.`,
    access: 'read',
    openWorld: false,
    input: z.object({}),
    output: z.object({ blocks: z.int() }),
    run: () => ({ blocks: content.length }),
    text: ({ blocks }) => `${blocks} blocks.`,
    content: () => [...content],
  });
}

const image = { type: 'image', data: RED_PIXEL, mimeType: 'image/png' } as const;

const contentTools = [
  contentTool('test_simple_text', [{ type: 'text', text: 'This is a simple text response for testing.' }]),
  contentTool('test_image_content', [image]),
  contentTool('test_audio_content', [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }]),
  contentTool('test_embedded_resource', [
    {
      type: 'resource',
      resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'This is an embedded resource content.' },
    },
  ]),
  contentTool('test_multiple_content_types', [
    { type: 'text', text: 'Multiple content types test:' },
    image,
    {
      type: 'resource',
      resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"test":"data","value":123}' },
    },
  ]),
];

const failing = defineTool({
  name: 'test_error_handling',
  title: 'Fail',
  description: 'Always fails.',
  access: 'read',
  input: z.object({}),
  output: z.object({}),
  run() {
    throw new ToolError({
      kind: 'conflict',
      message: 'This tool intentionally returns an error for testing.',
      remedy: 'Call another tool.',
    });
  },
  text: () => '',
});

const STEP_MS = 50;

const progressing = defineTool({
  name: 'test_tool_with_progress',
  title: 'Progress',
  description: 'Tells its progress in three steps.',
  access: 'read',
  input: z.object({}),
  output: z.object({ steps: z.int() }),
  async run(_input, { progress, signal }: Context<unknown>) {
    for (const done of [0, 50, 100]) {
      if (done > 0) await sleep(STEP_MS, undefined, { signal });
      progress(done, 100);
    }
    return { steps: 3 };
  },
  text: ({ steps }) => `${steps} steps.`,
});

/** One of its arguments also travels as a header, `Mcp-Param-Region`. */
const headed = defineTool({
  name: 'test_x_mcp_header',
  title: 'Header',
  description: 'Takes an argument that a proxy may want to see.',
  access: 'read',
  input: z.object({ region: z.string().optional().meta({ description: 'Where', 'x-mcp-header': 'Region' }) }),
  output: z.object({ region: z.string() }),
  run: ({ region = 'nowhere' }) => ({ region }),
  text: ({ region }) => region,
});

/** The tools of the suite that the kit has words for. */
export const plainTools = [...contentTools, failing, progressing, headed];

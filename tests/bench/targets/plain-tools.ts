import type { ZodObject } from 'zod';
import { createPage, echoInput, echoOutput, fillerInput, fillerNames, fillerOutput, pageInput, pageOutput } from '../tool-data.ts';

interface PlainTool {
  name: string;
  config: { title: string; description: string; inputSchema: ZodObject; outputSchema: ZodObject };
  call: (input: Record<string, unknown>) => { content: { type: 'text'; text: string }[]; structuredContent: Record<string, unknown> };
}

/** The same tools as the kit's target has, for the other libraries. */
export const TOOLS: readonly PlainTool[] = [
  {
    name: 'echo',
    config: { title: 'Echo', description: 'Returns the text that it was given.', inputSchema: echoInput, outputSchema: echoOutput },
    call: ({ text }) => createResult({ text }, String(text)),
  },
  {
    name: 'read_page',
    config: { title: 'Read a page', description: 'Returns a page of rows.', inputSchema: pageInput, outputSchema: pageOutput },
    call: ({ rows }) => {
      const output = createPage(Number(rows));
      return createResult(output, JSON.stringify(output));
    },
  },
  ...fillerNames().map((name) => ({
    name,
    config: {
      title: 'List findings',
      description: 'Lists findings of one kind, with what to do about them.',
      inputSchema: fillerInput,
      outputSchema: fillerOutput,
    },
    call: () => createResult({ total: 0, items: [] }, '0'),
  })),
];

function createResult(structuredContent: Record<string, unknown>, text: string): ReturnType<PlainTool['call']> {
  return { content: [{ type: 'text', text }], structuredContent };
}

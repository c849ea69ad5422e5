import type { ZodObject } from 'zod';
import { echoInput, echoOutput, fillerInput, fillerNames, fillerOutput, page, pageInput, pageOutput } from '../answers.ts';

interface SdkTool {
  name: string;
  config: { title: string; description: string; inputSchema: ZodObject; outputSchema: ZodObject };
  call: (given: Record<string, unknown>) => { content: { type: 'text'; text: string }[]; structuredContent: Record<string, unknown> };
}

/** The same tools as the kit's target has, for both versions of the SDK. */
export const TOOLS: readonly SdkTool[] = [
  {
    name: 'echo',
    config: { title: 'Echo', description: 'Gives back the text that it was given.', inputSchema: echoInput, outputSchema: echoOutput },
    call: ({ text }) => answer({ text }, String(text)),
  },
  {
    name: 'read_page',
    config: { title: 'Read a page', description: 'Gives a page of rows.', inputSchema: pageInput, outputSchema: pageOutput },
    call: ({ rows }) => {
      const output = page(Number(rows));
      return answer(output, JSON.stringify(output));
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
    call: () => answer({ total: 0, items: [] }, '0'),
  })),
];

function answer(structuredContent: Record<string, unknown>, text: string): ReturnType<SdkTool['call']> {
  return { content: [{ type: 'text', text }], structuredContent };
}

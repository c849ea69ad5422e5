/** A server built with the kit, started like any other: `fairway.js [flags]`, with `BENCH_TOOLS` tools. */
import { defineServer, defineTool, run } from '@fairway-mcp/kit';
import * as z from 'zod';
import { createPage, echoInput, echoOutput, fillerInput, fillerNames, fillerOutput, pageInput, pageOutput } from '../tool-data.ts';

const echo = defineTool({
  name: 'echo',
  title: 'Echo',
  description: 'Returns the text that it was given.',
  access: 'read',
  input: echoInput,
  output: echoOutput,
  run: ({ text }) => ({ text }),
  text: ({ text }) => text,
});

const readPage = defineTool({
  name: 'read_page',
  title: 'Read a page',
  description: 'Returns a page of rows.',
  access: 'read',
  input: pageInput,
  output: pageOutput,
  run: ({ rows }) => createPage(rows),
  text: (output) => JSON.stringify(output),
});

const fillers = fillerNames().map((name) =>
  defineTool({
    name,
    title: 'List findings',
    description: 'Lists findings of one kind, with what to do about them.',
    access: 'read',
    input: fillerInput,
    output: fillerOutput,
    run: () => ({ total: 0, items: [] }),
    text: ({ total }) => String(total),
  }),
);

await run(
  defineServer({
    name: 'bench',
    title: 'Bench',
    description: 'What the benchmark calls.',
    version: '0.0.0',
    config: z.object({}),
    services: () => ({}),
    tools: [echo, readPage, ...fillers],
  }),
);

import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, defineTool, type WriteContext } from '@fairway-mcp/kit';
import type { RawTool } from '@fairway-mcp/kit/conformance';
import { acceptedContent, inputRequired, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { formFor } from './raw-rounds.ts';
import { textResult } from './raw-sessions.ts';

/** The tools that the scenarios of the tasks extension call. */

const greet = defineTool({
  name: 'greet',
  title: 'Greet',
  description: 'Greets at once.',
  access: 'read',
  input: z.object({ name: z.string().describe('Whom') }),
  output: z.object({ greeting: z.string() }),
  run: ({ name }) => ({ greeting: `Hello, ${name}!` }),
  text: ({ greeting }) => greeting,
});

const compute = defineTool({
  name: 'slow_compute',
  title: 'Compute',
  description: 'Takes as long as it is told.',
  access: 'read',
  longRunning: true,
  input: z.object({ seconds: z.int().min(0).max(60).describe('How long'), label: z.string().optional().describe('What for') }),
  output: z.object({ seconds: z.int() }),
  async run({ seconds }, { signal }: Context<unknown>) {
    await sleep(seconds * 1000, undefined, { signal });
    return { seconds };
  },
  text: ({ seconds }) => `Computed for ${seconds} s.`,
});

const confirmDelete = defineTool({
  name: 'confirm_delete',
  title: 'Delete',
  description: 'Asks before it deletes. There is nothing to delete.',
  access: 'destroy',
  longRunning: true,
  input: z.object({ filename: z.string().describe('What') }),
  output: z.object({ deleted: z.string() }),
  async run({ filename }, { confirm }: WriteContext<unknown>) {
    await confirm(`Delete ${filename}?`);
    return { deleted: filename };
  },
  text: ({ deleted }) => `Deleted ${deleted}.`,
});

export const taskTools = [greet, compute, confirmDelete];

const NO_INPUT = { type: 'object' as const };

const failing: RawTool = {
  listing: { name: 'failing_job', description: 'A task whose tool fails.', inputSchema: NO_INPUT },
  call: async () => ({ task: async () => ({ ...textResult('The job failed.'), isError: true }) }),
};

const broken: RawTool = {
  listing: { name: 'protocol_error_job', description: 'A task that ends with a JSON-RPC error.', inputSchema: NO_INPUT },
  call: async () => ({
    async task() {
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'The job broke.');
    },
  }),
};

const asking: RawTool = {
  listing: { name: 'multi_input', description: 'A task that asks two things at once.', inputSchema: NO_INPUT },
  call: async () => ({
    async task({ requestInput }) {
      const answers = await Promise.all([
        requestInput(formFor('What is your name?', 'name')),
        requestInput(formFor('Go on?', 'confirm', { type: 'boolean' })),
      ]);
      return textResult(`Both were answered: ${JSON.stringify(answers)}`);
    },
  }),
};

/** Asks first, as a call does, and becomes a task when it has what it needs. */
const late: RawTool = {
  listing: { name: 'test_tool_with_task', description: 'Asks, then goes on as a task.', inputSchema: NO_INPUT },
  async call(_request, { mcpReq }) {
    const answer = acceptedContent(mcpReq.inputResponses, 'user_name', z.object({ name: z.string() }));
    if (answer === undefined) return inputRequired({ inputRequests: { user_name: formFor('What is your name?', 'name') } });
    return { task: async () => textResult(`Hello, ${answer.name}!`) };
  },
};

export const rawTaskTools = [failing, broken, asking, late];

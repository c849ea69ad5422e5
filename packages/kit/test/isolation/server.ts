import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import {
  type Context,
  definePrompt,
  defineResource,
  defineServer,
  defineTool,
  ToolError,
  userText,
  type WriteContext,
} from '../../src/index.ts';

/** The markers of the calls that the tools received. */
export interface Witness {
  written: string[];
  cancelled: string[];
}

const marker = z.string().describe('Whose call this is');
const signed = z.object({ marker: z.string(), principal: z.string() });
const text = (output: { marker: string; principal: string }) => `${output.marker} of ${output.principal}`;

const mirror = defineTool({
  name: 'mirror',
  title: 'Mirror',
  description: 'Tells the caller who it is, step by step.',
  access: 'read',
  input: z.object({ marker, ms: z.int().min(0).describe('A step'), steps: z.int().min(0).describe('How many') }),
  output: signed,
  async run({ marker: own, ms, steps }, { principal, progress, signal }: Context<Witness>) {
    for (let step = 1; step <= steps; step += 1) {
      await sleep(ms, undefined, { signal });
      progress(step, steps, own);
    }
    return { marker: own, principal: principal.id };
  },
  text,
});

const fail = defineTool({
  name: 'fail',
  title: 'Fail',
  description: 'Fails in the name of the caller.',
  access: 'read',
  input: z.object({ marker }),
  output: signed,
  async run({ marker: own }, { principal }: Context<Witness>) {
    await sleep(1);
    throw new ToolError({ kind: 'conflict', message: `${own} of ${principal.id} failed.`, remedy: 'Call again.' });
  },
  text,
});

const hang = defineTool({
  name: 'hang',
  title: 'Hang',
  description: 'Goes on until it is cancelled.',
  access: 'read',
  input: z.object({ marker }),
  output: signed,
  async run({ marker: own }, { progress, services, signal }: Context<Witness>) {
    progress(1, undefined, own);
    signal.addEventListener('abort', () => services.cancelled.push(own), { once: true });
    await sleep(60_000, undefined, { signal });
    throw new TypeError('Nobody cancelled it.');
  },
  text,
});

const hanging = defineResource({
  uri: 'hanging://{marker}',
  name: 'hanging',
  title: 'Hanging',
  description: 'Is read until that is cancelled.',
  mimeType: 'text/plain',
  async read({ marker: own = '' }, { progress, services, signal }: Context<Witness>) {
    progress(1, undefined, own);
    signal.addEventListener('abort', () => services.cancelled.push(own), { once: true });
    await sleep(60_000, undefined, { signal });
    throw new TypeError('Nobody cancelled it.');
  },
});

const write = defineTool({
  name: 'write',
  title: 'Write',
  description: 'Asks, then writes.',
  access: 'write',
  input: z.object({ marker }),
  output: signed,
  async run({ marker: own }, { confirm, principal, services }: WriteContext<Witness>) {
    await confirm(`Write ${own}?`);
    services.written.push(own);
    return { marker: own, principal: principal.id };
  },
  text,
});

const long = defineTool({
  name: 'long',
  title: 'Long',
  description: 'Takes long enough to become a task.',
  access: 'read',
  longRunning: true,
  input: z.object({ marker }),
  output: signed,
  async run({ marker: own }, { principal, signal }: Context<Witness>) {
    await sleep(700, undefined, { signal });
    return { marker: own, principal: principal.id };
  },
  text,
});

const page = defineResource({
  uri: 'mirror://{marker}',
  name: 'mirror',
  title: 'Mirror',
  description: 'Tells the reader who it is.',
  mimeType: 'application/json',
  async read({ marker: own = '' }, { principal }: Context<Witness>) {
    await sleep(1);
    return { text: JSON.stringify({ marker: own, principal: principal.id }) };
  },
});

const prompt = definePrompt({
  name: 'mirror',
  title: 'Mirror',
  description: 'Tells the reader who it is.',
  arguments: { marker: { description: 'Whose prompt this is', required: true } },
  async messages({ marker: own = '' }, { principal }: Context<Witness>) {
    await sleep(1);
    return [userText(`${own} of ${principal.id}`)];
  },
});

/** A server whose answers all contain the marker and the principal of their call. */
export const mirrors = defineServer({
  name: 'mirrors',
  title: 'Mirrors',
  description: 'Tells callers who they are.',
  version: '1.0.0',
  config: z.object({}),
  services: (): Witness => ({ written: [], cancelled: [] }),
  tools: [mirror, fail, hang, write, long],
  resources: [page, hanging],
  prompts: [prompt],
});

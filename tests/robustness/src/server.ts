import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Context, defineResource, defineServer, defineTool, ToolError, type WriteContext } from '@fairway-mcp/kit';
import * as z from 'zod';

/** The file that `append_line` writes to, as if it were an upstream system. */
interface Workshop {
  ledger: string | undefined;
}

const milliseconds = (what: string) => z.int().min(0).max(600_000).default(0).describe(`How long ${what}, in milliseconds`);

const wait = defineTool({
  name: 'wait',
  title: 'Wait',
  description: 'Waits with progress notifications, and logs when it is cancelled.',
  access: 'read',
  longRunning: true,
  input: z.object({
    ms: milliseconds('it takes'),
    steps: z.int().min(1).max(1000).default(1).describe('In how many steps'),
    reason: z.string().max(200).optional().describe('Why it waits; not used'),
  }),
  output: z.object({ waited_ms: z.number() }),
  async run({ ms, steps }, { log, progress, signal }: Context<Workshop>) {
    log.info('The wait has started', { ms });
    signal.addEventListener('abort', () => log.info('The wait was cancelled'), { once: true });
    for (let step = 1; step <= steps; step += 1) {
      await sleep(ms / steps, undefined, { signal });
      progress(step, steps, `step ${step}`);
    }
    return { waited_ms: ms };
  },
  text: ({ waited_ms }) => `Waited ${waited_ms} ms.`,
});

const listLines = defineTool({
  name: 'list_lines',
  title: 'List lines',
  description: 'Returns lines of text of the given number and length.',
  access: 'read',
  input: z.object({
    count: z.int().min(0).max(10_000).default(10).describe('How many'),
    length: z.int().min(1).max(1000).default(20).describe('How long each is, in letters'),
  }),
  output: z.object({ lines: z.array(z.string()) }),
  list: 'lines',
  run: ({ count, length }) => ({ lines: Array.from({ length: count }, (_, line) => String(line).padStart(length, 'x')) }),
  text: ({ lines }) => lines.join('\n'),
});

const fail = defineTool({
  name: 'fail',
  title: 'Fail',
  description: 'Fails with an expected or an unexpected error.',
  access: 'read',
  input: z.object({ expected: z.boolean().default(true).describe('Whether the error is one that the caller is meant to see') }),
  output: z.object({}),
  run({ expected }): Record<string, never> {
    if (expected) throw new ToolError({ kind: 'upstream_unavailable', message: 'The upstream is away.', remedy: 'Try later.' });
    throw new Error('an unexpected failure');
  },
  text: () => '',
});

const appendLine = defineTool({
  name: 'append_line',
  title: 'Append a line',
  description: 'Writes a line to the ledger file.',
  access: 'write',
  input: z.object({
    line: z.string().min(1).max(200).describe('The line'),
    before_ms: milliseconds('it takes before the line is written'),
    after_ms: milliseconds('it takes from then until the answer'),
  }),
  output: z.object({ line: z.string() }),
  async run({ line, before_ms, after_ms }, { confirm, services }: WriteContext<Workshop>) {
    await confirm(`Write "${line}"?`);
    if (before_ms > 0) await sleep(before_ms);
    if (services.ledger !== undefined) fs.appendFileSync(services.ledger, `${line}\n`);
    if (after_ms > 0) await sleep(after_ms);
    return { line };
  },
  text: ({ line }) => `Wrote ${line}.`,
});

const ledgerResource = defineResource({
  uri: 'workshop://ledger',
  name: 'ledger',
  title: 'Ledger',
  description: 'All lines that were written.',
  mimeType: 'text/plain',
  read: (_variables, { services }: Context<Workshop>) => ({
    text: services.ledger === undefined ? '' : fs.readFileSync(services.ledger, 'utf8'),
  }),
});

/** The fixture: a server that is as slow, large and unreliable as a test wants it to be. */
export const workshop = defineServer({
  name: 'workshop',
  title: 'Workshop',
  description: 'A server for robustness tests.',
  version: '1.0.0',
  config: z.object({ ledger: z.string().optional().meta({ description: 'File that lines are written to.', placeholder: 'FILE' }) }),
  services: ({ ledger }): Workshop => ({ ledger }),
  tools: [wait, listLines, fail, appendLine],
  resources: [ledgerResource],
});

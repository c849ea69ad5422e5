import fs from 'node:fs';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { differences, type Pair, unknownArguments } from './differential/differences.ts';
import { generatedQuestion } from './differential/generated.ts';
import { call, modern, type Question, type Questions } from './differential/questions.ts';
import { handshakes, legacyQuestions } from './differential/questions-legacy.ts';
import { modernQuestions } from './differential/questions-modern.ts';
import { shapeQuestions, verbQuestions } from './differential/questions-shape.ts';
import { type Answer, openSides, type Sides } from './differential/sides.ts';
import { openSession, sendModern } from './support/http.ts';
import { serveFixture } from './support/serve.ts';

const TIMEOUT_MS = 120_000;
/** Fixed, so that every run generates the same questions. */
const SEED = 20_260_728;

/** The documented differences that were observed so far. */
const seen = new Set<string>();

/** Sends a request to both sides. @returns the kit's answer, and the SDK's with every intended difference applied. */
async function compare(sides: Sides, question: Question): Promise<{ kit: Answer; wanted: Answer }> {
  const [kit, sdk] = await Promise.all([sides.kit(question), sides.sdk(question)]);
  let pair: Pair = { question, kit, sdk, sides };
  for (const difference of differences) {
    const expected = await difference.expected(pair);
    if (expected === undefined) continue;
    seen.add(difference.text);
    pair = { ...pair, sdk: expected };
  }
  return { kit, wanted: pair.sdk };
}

async function compareAll(sides: Sides, group: string, questions: Questions): Promise<void> {
  for (const [name, question] of Object.entries(questions)) {
    const { kit, wanted } = await compare(sides, question);
    expect(kit, `${group}: ${name}`).toEqual(wanted);
  }
}

function within(session: Question['headers'], questions: Questions): Questions {
  const entries = Object.entries(questions).map(([name, question]) => [
    name,
    { ...question, headers: { ...session, ...question.headers } },
  ]);
  return Object.fromEntries(entries);
}

describe("the kit's HTTP transport answers like the SDK's own handler", () => {
  it(
    'without sessions',
    async () => {
      const sides = await openSides(false);
      await compareAll(sides, 'modern', modernQuestions);
      await compareAll(sides, 'handshakes', handshakes);
      await compareAll(sides, 'legacy', legacyQuestions);
      await compareAll(sides, 'shape', shapeQuestions);
      await compareAll(sides, 'verbs', verbQuestions);
    },
    TIMEOUT_MS,
  );

  it(
    'with sessions for clients of the older protocol',
    async () => {
      const sides = await openSides(true);
      const { headers, id } = await openSession(sides.url);
      await compareAll(sides, 'modern', modernQuestions);
      await compareAll(sides, 'handshakes', handshakes);
      await compareAll(sides, 'legacy', within({ 'Mcp-Session-Id': id }, legacyQuestions));
      await compareAll(sides, 'shape', shapeQuestions);
      await compareAll(sides, 'verbs', verbQuestions);
      await compareAll(sides, 'the end', { DELETE: { method: 'DELETE', headers } });
    },
    TIMEOUT_MS,
  );

  it(
    'whatever it is asked',
    async () => {
      const sides = await openSides(false);
      const property = fc.asyncProperty(generatedQuestion, async (question) => {
        const { kit, wanted } = await compare(sides, question);
        expect(kit).toEqual(wanted);
      });
      await fc.assert(property, { numRuns: 3000, seed: SEED });
    },
    TIMEOUT_MS,
  );

  it('except that it rejects unknown arguments', async () => {
    const server = new McpServer({ name: 'sdk', version: '1' });
    server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({ content: [{ type: 'text', text }] }));
    const question = modern('tools/call', call('echo', { text: 'x', more: 'y' }));
    const headers = { ...question.headers, 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    const request = new Request('http://127.0.0.1/mcp', {
      method: 'POST',
      headers: headers as Record<string, string>,
      body: question.body ?? '',
    });
    const sdk = await (await createMcpHandler(() => server).fetch(request)).json();
    const { url } = await serveFixture();
    const kit = await sendModern(url, 'tools/call', call('echo', { text: 'x', more: 'y' }));
    expect(sdk).toMatchObject({ result: { content: [{ text: 'x' }] } });
    expect(kit.json.result.isError).toBe(true);
    seen.add(unknownArguments);
  });

  it('except for the differences that the documentation lists, all of which exist', () => {
    const page = fs.readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
    const [, list = ''] = /own HTTP handler:\n\n((?:[- ].*\n)+)/.exec(page) ?? [];
    const documented = list.split(/^- /m).map((item) => item.trim().replaceAll(/\s+/g, ' '));
    expect(documented.filter((item) => item !== '').sort()).toEqual([...differences.map(({ text }) => text), unknownArguments].sort());
    expect([...seen].sort()).toEqual(documented.filter((item) => item !== '').sort());
  });
});

import { expect, it } from 'vitest';
import { CLIENT_KINDS, connect } from '../process/clients.ts';
import type { ListedTool, SharedServer } from './shared-server.ts';

/** Where an error's kind, remedy and trace id are in a tool's result. */
const ERROR = 'io.github.fairway-mcp/error';
const RESPONSE_BUDGET_BYTES = 40_000;
/** What surrounds the answer that the budget counts. */
const ENVELOPE_FACTOR = 1.1;

/** Tests one tool: its answer to the example, and its rejection of arguments that are wrong. */
export function testToolCalls(server: SharedServer, name: string, example: Record<string, unknown>): void {
  const callTool = async (changed: Record<string, unknown> = {}) =>
    (await server.peer.request('tools/call', { name, arguments: { ...example, ...changed } })).result;

  it('answers every official client in the same form, within the response budget', async () => {
    const answers = await Promise.all(CLIENT_KINDS.map((kind) => answerTo(kind)));
    for (const answer of answers) expect(shapeOf(answer)).toEqual(shapeOf(answers[0]));
  });

  async function answerTo(kind: (typeof CLIENT_KINDS)[number]): Promise<unknown> {
    const client = await connect(kind, { url: server.http.url });
    // The client checks answers against the output schemas that it has listed.
    await client.listTools();
    const result = await client.call(name, example);
    expect(result.isError, `${kind}: ${JSON.stringify(result.content)}`).toBeFalsy();
    expect(result.structuredContent).toBeTypeOf('object');
    expect(JSON.stringify(result).length).toBeLessThanOrEqual(RESPONSE_BUDGET_BYTES * ENVELOPE_FACTOR);
    const [first] = result.content;
    expect(first?.type === 'text' ? first.text.length : 1).toBeGreaterThan(0);
    return result.structuredContent;
  }

  it('rejects an unknown argument and names it', async () => {
    const result = await callTool({ this_is_no_argument: 1 });
    expect(result.isError).toBe(true);
    expect(result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', remedy: expect.any(String), trace_id: expect.any(String) });
    expect(result.content[0].text).toContain('this_is_no_argument');
  });

  it('rejects a value of the wrong type and names its argument', async () => {
    for (const [argument, { type }] of Object.entries(findTool(server, name).inputSchema.properties)) {
      const result = await callTool({ [argument]: type === 'object' ? [true] : { nested: [true] } });
      expect(result._meta[ERROR].kind, argument).toBe('invalid_input');
      expect(result.content[0].text).toContain(argument);
    }
  });

  it('accepts lists and objects that a client sent as JSON text', async () => {
    for (const [key, value] of Object.entries(example).filter(([, value]) => typeof value === 'object')) {
      const result = await callTool({ [key]: JSON.stringify(value) });
      expect(result.isError, `${key}: ${JSON.stringify(result.content)}`).toBeFalsy();
    }
  });

  it('serves a list in pages and rejects a cursor that it did not issue', async () => {
    if (!('cursor' in findTool(server, name).inputSchema.properties)) return;
    const first = (await callTool({ limit: 1 })).structuredContent;
    expect(first.total).toBeTypeOf('number');
    if (first.total < 2) return;
    const second = await callTool({ limit: 1, cursor: first.next_cursor });
    expect(second.isError, JSON.stringify(second.content)).toBeFalsy();
    expect(second.structuredContent.total).toBe(first.total);
    expect((await callTool({ cursor: 'bm9uc2Vuc2U' }))._meta[ERROR].kind).toBe('invalid_input');
  });

  it('keeps serving after a call of it was cancelled', async () => {
    const id = `${name}, cancelled`;
    server.peer.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: example } }));
    server.peer.notify('notifications/cancelled', { requestId: id });
    expect((await server.peer.request('tools/list')).result.tools).toHaveLength(server.tools.length);
  });
}

function findTool(server: SharedServer, name: string): ListedTool {
  const tool = server.tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new Error(`There is an example for "${name}", which is no tool of this server.`);
  return tool;
}

/** The names and types in an answer, at every depth: what must be the same for every client, unlike times and trace ids. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shapeOf(item)]));
}

import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CLIENT_KINDS, connect } from '../process/clients.ts';
import { compileCache, type Launch, runCommand, startHttp, temporaryFolder } from '../process/server-process.ts';
import { StdioPeer } from '../process/stdio-peer.ts';
import { definitionTokens, MAX_DEFINITION_TOKENS } from './definition-size.ts';
import { inputSchemaProblems } from './schema-rules.ts';

export interface ContractOptions {
  /** The server's `main.ts`: `new URL('../src/main.ts', import.meta.url)`. */
  main: URL;
  /** Flags with which the server runs without anything else: sample data, a stand-in. */
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** For every tool that reads, arguments with which it answers. */
  examples: Readonly<Record<string, Record<string, unknown>>>;
}

interface Listing {
  name: string;
  title: string;
  description: string;
  inputSchema: { properties: Record<string, Record<string, unknown>>; required?: string[] };
  outputSchema?: object;
  annotations: Record<string, unknown>;
}

const ERROR = 'io.github.fairway-mcp/error';
const BUDGET_BYTES = 40_000;

/**
 * What every server promises, whatever it is for. Call it once in `test/contract.test.ts`. It starts the server's own program
 * and talks to it as hosts do; nothing inside is replaced.
 */
export function contractSuite({ main, args = [], environment = {}, examples }: ContractOptions): void {
  const launch = { main, args, environment };
  const names = Object.keys(examples);
  const endings: (() => void)[] = [];
  afterAll(() => {
    for (const end of endings) end();
  });
  /** Serves those tests that leave no trace in it. */
  const lasting = { ...launch, args: [...args, '--rate-limit', '0'], lifetime: (end: () => void) => void endings.push(end) };
  const overStdio = once(() => openPeer(lasting));
  const overHttp = once(() => startHttp(lasting));
  const listed = once(async (): Promise<Listing[]> => (await (await overStdio()).request('tools/list')).result.tools);

  async function toolOf(name: string): Promise<Listing> {
    const tool = (await listed()).find((candidate) => candidate.name === name);
    if (tool === undefined) throw new Error(`There is an example for "${name}", which is no tool of this server.`);
    return tool;
  }

  describe('definitions', () => {
    it('name every tool once, in lower case, with a title and a description', async () => {
      const tools = await listed();
      expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
      for (const { name, title, description } of tools) {
        expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$|^[a-z]+$/);
        expect(title.length).toBeGreaterThan(2);
        expect(description.length, name).toBeGreaterThan(20);
        expect(description.length, name).toBeLessThan(600);
      }
    });

    it('tell hosts what each tool may do', async () => {
      const tools = await listed();
      for (const { name, annotations } of tools) {
        const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations;
        for (const hint of [readOnlyHint, destructiveHint, idempotentHint, openWorldHint]) expect(hint, name).toBeTypeOf('boolean');
        expect(readOnlyHint && destructiveHint, name).toBe(false);
      }
    });

    it('have input schemas that any client accepts', async () => {
      const tools = await listed();
      for (const { name, inputSchema } of tools) expect(inputSchemaProblems(inputSchema), name).toEqual([]);
    });

    it('have output schemas', async () => {
      const tools = await listed();
      for (const { name, outputSchema } of tools) expect(outputSchema, name).toMatchObject({ type: 'object' });
    });

    it('stay small: they are read with every conversation', async () => {
      expect(definitionTokens(await listed())).toBeLessThanOrEqual(MAX_DEFINITION_TOKENS);
    });

    it('have an example here for every tool that reads', async () => {
      const tools = await listed();
      const reading = tools.filter(({ annotations }) => annotations.readOnlyHint === true).map(({ name }) => name);
      expect(reading.filter((name) => !names.includes(name))).toEqual([]);
    });
  });

  describe.each(names)('%s', (name) => {
    const example = examples[name] ?? {};

    it('answers every official client alike, within its schema and the response budget', async () => {
      const { url } = await overHttp();
      const answers = [];
      for (const kind of CLIENT_KINDS) {
        const client = await connect(kind, { url });
        await client.listTools();
        const result = await client.call(name, example);
        expect(result.isError, `${kind}: ${JSON.stringify(result.content)}`).toBeFalsy();
        expect(result.structuredContent).toBeTypeOf('object');
        expect(JSON.stringify(result).length).toBeLessThanOrEqual(BUDGET_BYTES * 1.1);
        const [first] = result.content;
        expect(first?.type === 'text' ? first.text.length : 1).toBeGreaterThan(0);
        answers.push(result.structuredContent);
      }
      expect(keysOf(answers[1])).toEqual(keysOf(answers[0]));
      expect(keysOf(answers[2])).toEqual(keysOf(answers[0]));
    });

    it('refuses what it does not know, and says what it does', async () => {
      const peer = await overStdio();
      const { result } = await peer.request('tools/call', { name, arguments: { ...example, this_is_no_argument: 1 } });
      expect(result.isError).toBe(true);
      expect(result._meta[ERROR]).toMatchObject({ kind: 'invalid_input', remedy: expect.any(String), trace_id: expect.any(String) });
      expect(result.content[0].text).toContain('this_is_no_argument');
    });

    it('names the argument that has the wrong type', async () => {
      const peer = await overStdio();
      const { inputSchema } = await toolOf(name);
      for (const [argument, { type }] of Object.entries(inputSchema.properties)) {
        const { result } = await peer.request('tools/call', {
          name,
          arguments: { ...example, [argument]: type === 'object' ? [true] : { nested: [true] } },
        });
        expect(result._meta[ERROR].kind, argument).toBe('invalid_input');
        expect(result.content[0].text).toContain(argument);
      }
    });

    it('takes lists and objects that a client sent as JSON text', async () => {
      const composed = Object.entries(example).filter(([, value]) => typeof value === 'object');
      const peer = await overStdio();
      for (const [key, value] of composed) {
        const { result } = await peer.request('tools/call', { name, arguments: { ...example, [key]: JSON.stringify(value) } });
        expect(result.isError, `${key}: ${JSON.stringify(result.content)}`).toBeFalsy();
      }
    });

    it('pages where it lists, and takes no cursor of another question', async () => {
      const peer = await overStdio();
      if (!('cursor' in (await toolOf(name)).inputSchema.properties)) return;
      const first = (await peer.request('tools/call', { name, arguments: { ...example, limit: 1 } })).result.structuredContent;
      expect(first.total).toBeTypeOf('number');
      if (first.total < 2) return;
      const second = (await peer.request('tools/call', { name, arguments: { ...example, limit: 1, cursor: first.next_cursor } })).result;
      expect(second.isError, JSON.stringify(second.content)).toBeFalsy();
      expect(second.structuredContent.total).toBe(first.total);
      const garbage = (await peer.request('tools/call', { name, arguments: { ...example, cursor: 'bm9uc2Vuc2U' } })).result;
      expect(garbage._meta[ERROR].kind).toBe('invalid_input');
    });

    it('survives being cancelled', async () => {
      const peer = await overStdio();
      const id = `${name}, cancelled`;
      peer.write(JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: example } }));
      peer.notify('notifications/cancelled', { requestId: id });
      expect((await peer.request('tools/list')).result.tools).toHaveLength((await listed()).length);
    });
  });

  describe('limits', () => {
    it('holds callers to their rate and says when to come back', async () => {
      const [name = ''] = names;
      const peer = await openPeer({ ...launch, args: [...args, '--rate-limit', '1'] });
      await peer.request('tools/call', { name, arguments: examples[name] });
      const { result } = await peer.request('tools/call', { name, arguments: examples[name] });
      expect(result._meta[ERROR]).toMatchObject({ kind: 'rate_limited', retry_after_s: expect.any(Number) });
    });

    it.each(['constructor', '__proto__', 'no_such_tool'])('has no tool %s', async (name) => {
      const peer = await overStdio();
      expect((await peer.request('tools/call', { name, arguments: {} })).error).toMatchObject({ code: -32602 });
    });
  });

  describe("the operator's choice", () => {
    it('reads only with --read-only', async () => {
      const offered = await listTools({ ...launch, args: [...args, '--read-only'] });
      expect(offered.map(({ name }) => name)).toEqual(
        (await listed()).filter(({ annotations }) => annotations.readOnlyHint === true).map(({ name }) => name),
      );
    });

    it('offers what --tools and --exclude leave', async () => {
      const [first = '', second = ''] = names;
      expect((await listTools({ ...launch, args: [...args, '--tools', first] })).map(({ name }) => name)).toEqual([first]);
      if (second === '') return;
      expect((await listTools({ ...launch, args: [...args, '--exclude', first] })).map(({ name }) => name)).not.toContain(first);
    });

    it('does not start with a tool, flag or setting that does not exist, and names the nearest', async () => {
      const [first = ''] = names;
      const wrongTool = await runCommand({ ...launch, args: [...args, '--tools', `${first}x`] });
      expect([wrongTool.code, wrongTool.stderr]).toEqual([2, expect.stringContaining(`Did you mean "${first}"?`)]);
      const wrongFlag = await runCommand({ ...launch, args: [...args, '--read-onyl'] });
      expect([wrongFlag.code, wrongFlag.stderr]).toEqual([2, expect.stringContaining('Did you mean "--read-only"?')]);
      const wrongName = await runCommand({ ...launch, environment: { ...environment, FAIRWAY_READ_ONYL: '1' } });
      expect([wrongName.code, wrongName.stderr]).toEqual([2, expect.stringContaining('Did you mean "FAIRWAY_READ_ONLY"?')]);
    });

    it('is shown by --print-config, --help and --version', async () => {
      const secret = 'a-secret-of-sixteen-letters';
      const shown = await runCommand({
        ...launch,
        args: [...args, '--print-config'],
        environment: { ...environment, FAIRWAY_BEARER_TOKEN: secret },
      });
      expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('FAIRWAY_READ_ONLY')]);
      expect(shown.stdout + shown.stderr).not.toContain(secret);
      const help = await runCommand({ ...launch, args: ['--help'] });
      for (const name of names) expect(help.stdout).toContain(name);
      const { serverInfo } = (await new StdioPeer(launch).initialize()).result;
      expect((await runCommand({ ...launch, args: ['--version'] })).stdout.trim()).toBe(serverInfo.version);
    });
  });

  describe('life and death', () => {
    it('writes nothing but the protocol to stdout, and ends with code 0 when the host closes stdin', async () => {
      const peer = await openPeer(launch);
      for (const name of names) await peer.request('tools/call', { name, arguments: examples[name] });
      peer.end();
      expect(await peer.server.exited).toEqual({ code: 0, signal: null });
      for (const line of peer.server.stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
    });

    it.each(['SIGTERM', 'SIGINT'] as const)('ends with code 0 on %s, over stdio and HTTP', async (signal) => {
      const peer = await openPeer(launch);
      const http = await startHttp(launch);
      for (const server of [peer.server, http]) {
        server.child.kill(signal);
        expect(await server.exited).toEqual({ code: 0, signal: null });
      }
    });

    it('leaves one audit row for each call, in an unbroken chain', async () => {
      const stateDir = temporaryFolder();
      const peer = await openPeer({ ...launch, stateDir });
      for (const name of names) await peer.request('tools/call', { name, arguments: examples[name] });
      peer.end();
      await peer.server.exited;
      const verified = await runCommand({ ...launch, args: ['audit', 'verify'], stateDir });
      expect([verified.code, verified.stdout.trim()]).toEqual([0, `The audit trail is intact: ${names.length} rows.`]);
    });

    it('shows its health over HTTP', async () => {
      const { url } = await overHttp();
      const health = (await (await fetch(url.replace('/mcp', '/health'))).json()) as Record<string, unknown>;
      expect(health).toMatchObject({
        status: 'ok',
        version: expect.any(String),
        uptime_s: expect.any(Number),
        dependencies: { store: { status: 'ok' }, cache: { status: 'ok' } },
      });
    });

    it('is not opened to other machines without authentication', async () => {
      const refused = await runCommand({ ...launch, args: [...args, '--http', '0.0.0.0:0'] });
      expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('keys create')]);
    });

    it('serves both protocol eras over stdio', async () => {
      for (const kind of CLIENT_KINDS) {
        const stateDir = temporaryFolder();
        const program = ['--disable-warning=ExperimentalWarning', fileURLToPath(main), '--state-dir', stateDir, ...args];
        const client = await connect(kind, {
          command: process.execPath,
          args: program,
          env: { HOME: stateDir, ...compileCache(), ...environment },
        });
        expect((await client.listTools()).tools.map(({ name }) => name)).toEqual((await listed()).map(({ name }) => name));
      }
    });
  });
}

async function openPeer(launch: Launch): Promise<StdioPeer> {
  const peer = new StdioPeer(launch);
  await peer.initialize();
  return peer;
}

async function listTools(launch: Launch): Promise<Listing[]> {
  const peer = await openPeer(launch);
  return (await peer.request('tools/list')).result.tools;
}

/** The names in an answer, at every depth: what must not depend on who asks. */
function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [keysOf(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keysOf(item)]));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

import { DatabaseSync } from 'node:sqlite';
import { type RawResponse, type ServerProcess, StdioPeer, send, sendModern, startHttp, startOtlpReceiver } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { databaseOf } from './support/audit-trail.ts';
import { canary, filesIn, placesIn } from './support/canary.ts';
import { call, client, ERAS, tagCompliance, withFlags, workshop } from './support/programs.ts';

type Params = Record<string, unknown>;
type Request = readonly [method: string, params: Params];

/** Calls that are right but for what is planted in them. */
const EXAMPLES: Record<string, Params> = {
  find_untagged_resources: { regions: ['eu-central-1'] },
  validate_resource_tags: { resource_arns: ['arn:aws:s3:::no-such-bucket'] },
  get_cost_attribution_gap: { time_period: 'last_month' },
  suggest_tags: { resource_arn: 'arn:aws:sqs:eu-central-1:111122223333:payments-prod-events' },
};

const LONG = 120_000;

interface Listing {
  name: string;
  inputSchema: { properties: Record<string, { type?: string; items?: { type?: string }; properties?: Params }> };
}

/**
 * One call for each argument of each tool, with a secret in it, and one with an argument that there is not. None has the form of an ARN,
 * a region, an account, a date or a resource type: what has is kept in the audit trail, on purpose.
 */
function plantedCalls(tools: readonly Listing[]): Request[] {
  return tools.flatMap(({ name, inputSchema }) => {
    const planted = Object.entries(inputSchema.properties).flatMap(([argument, { type, items, properties }]): Params[] => {
      const secret = canary(`value of ${name} ${argument}`);
      if (type === 'array') return [{ [argument]: items?.type === 'object' ? [{ [secret]: secret }] : [secret] }, { [argument]: secret }];
      if (type === 'object')
        return [...Object.keys(properties ?? {}).map((key) => ({ [argument]: { [key]: [secret] } })), { [argument]: secret }];
      return [{ [argument]: secret }];
    });
    const stranger = { [canary('argument name')]: canary(`value of unknown argument of ${name}`) };
    return [...planted, stranger].map((given): Request => ['tools/call', call(name, { ...EXAMPLES[name], ...given })]);
  });
}

/** What else a client may send. */
const OTHERS: Request[] = [
  ['tools/call', call(canary('tool name'), { [canary('argument name')]: canary('value') })],
  ['tools/call', { name: 'get_tagging_policy', arguments: canary('arguments') }],
  [
    'tools/call',
    { ...call('get_tagging_policy'), _meta: { progressToken: canary('progress token'), [canary('meta key')]: canary('meta value') } },
  ],
  [
    'tools/call',
    {
      ...call('get_tagging_policy'),
      _meta: { traceparent: canary('traceparent'), tracestate: canary('tracestate'), baggage: canary('baggage') },
    },
  ],
  [
    'tools/call',
    { ...call('get_tagging_policy'), requestState: canary('request state'), inputResponses: { confirm: canary('input response') } },
  ],
  ['tools/list', { cursor: canary('list cursor') }],
  ['resources/read', { uri: `tag-policy://${canary('uri')}` }],
  ['resources/read', { uri: canary('uri') }],
  ['prompts/get', { name: canary('prompt name') }],
  [
    'prompts/get',
    { name: 'monthly_tag_review', arguments: { scope: canary('prompt value'), [canary('prompt argument')]: canary('prompt value') } },
  ],
  ['prompts/get', { name: 'monthly_tag_review', arguments: { tag_key: canary('prompt value') } }],
  ['completion/complete', { ref: { type: 'ref/prompt', name: 'monthly_tag_review' }, argument: { name: 'scope', value: canary('typed') } }],
  [
    'completion/complete',
    { ref: { type: 'ref/prompt', name: canary('ref') }, argument: { name: canary('ref argument'), value: canary('typed') } },
  ],
  ['completion/complete', { ref: { type: 'ref/resource', uri: canary('ref') }, argument: { name: 'x', value: canary('typed') } }],
  ['tasks/get', { taskId: canary('task id') }],
  ['logging/setLevel', { level: canary('level') }],
  [canary('method'), { [canary('param')]: canary('param value') }],
];

const HEADERS = {
  Cookie: `session=${canary('cookie')}`,
  'X-Api-Key': canary('custom header'),
  'X-Forwarded-For': canary('forwarded'),
  'User-Agent': canary('user agent'),
  Referer: `https://${canary('referer')}.example`,
  Authorization: `Bearer ${canary('authorization')}`,
  Baggage: `key=${canary('baggage header')}`,
  Tracestate: `vendor=${canary('tracestate header')}`,
  Traceparent: `00-${canary('traceparent header')}-00f067aa0ba902b7-01`,
  'Last-Event-ID': canary('event id'),
};

/** Bodies and heads that are no request at all. */
const STRAY: [string, Parameters<typeof send>[1]][] = [
  ['/mcp', { body: `{"${canary('malformed')}` }],
  ['/mcp', { body: JSON.stringify({ jsonrpc: canary('version'), id: 1, method: canary('method') }) }],
  ['/mcp', { body: JSON.stringify([canary('batch')]) }],
  ['/mcp', { headers: { 'Content-Type': canary('content type') }, body: '{}' }],
  ['/mcp', { headers: { 'Mcp-Session-Id': canary('session id') }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) }],
  [
    '/mcp',
    { headers: { 'MCP-Protocol-Version': canary('protocol version') }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) },
  ],
  ['/mcp', { headers: { Host: `${canary('host')}.example` }, body: '{}' }],
  ['/mcp', { headers: { Origin: `https://${canary('origin')}.example` }, body: '{}' }],
  [`/${canary('path')}?token=${canary('query')}`, { method: 'GET' }],
  [`/mcp?token=${canary('query')}`, { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) }],
  [`/tasks/${canary('task path')}`, { method: 'GET' }],
  ['/health', { method: 'GET' }],
];

/**
 * What an error repeats of the request that it answers, and of no other: JSON-RPC asks for the id, the protocol for the URI that was not
 * found and the version that is not spoken, and the name of an argument that there is not has to be told for it to be put right. It goes
 * back to where it came from, and nowhere else.
 */
const REPEATED = ['argumentname', 'id', 'protocolversion', 'uri'];

function isError({ status, json, text }: Pick<RawResponse, 'status' | 'json' | 'text'>): boolean {
  return status >= 400 || json?.error !== undefined || json?.result?.isError === true || text === '';
}

function hold(what: string, text: string, allowed: readonly string[] = []): void {
  const leaked = placesIn(text).filter((place) => !allowed.includes(place.toLowerCase()));
  expect(leaked, `${what}: ${leaked.length > 0 ? text.slice(0, 2000) : ''}`).toEqual([]);
}

async function holdAllThatWasWritten(server: ServerProcess, collected: readonly string[]): Promise<void> {
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(server.stderr.split('\n').length).toBeGreaterThan(50);
  hold('the log', server.stderr);
  expect(collected.join('').length).toBeGreaterThan(1000);
  hold('the collector', collected.join('\n'));
  const files = filesIn(server.stateDir);
  expect(files['fairway.db']?.length).toBeGreaterThan(1000);
  for (const [file, content] of Object.entries(files)) hold(file, content);
}

describe('a secret', () => {
  it('is found wherever it stands, also in Base64', () => {
    for (const before of ['', 'a', 'ab']) {
      expect(placesIn(`{"x":"${before}${canary('plain')}"}`)).toEqual(['plain']);
      expect(placesIn(`"${Buffer.from(before + canary('hidden')).toString('base64url')}"`)).toEqual(['hidden']);
    }
    expect(placesIn('nothing')).toEqual([]);
  });
});

describe('a secret in the arguments of a task', () => {
  it('rests in the row of the task until that expires, for whoever takes it over, and nowhere else', { timeout: LONG }, async () => {
    const receiver = await startOtlpReceiver();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const server = await startHttp({ ...withFlags(workshop, '--log-level', 'debug'), environment });
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const begun = await sendModern(server.url, 'tools/call', call('wait', { ms: 800, reason: canary('reason') }), { capabilities });
    const { taskId } = begun.json.result;
    const poll = () => sendModern(server.url, 'tasks/get', { taskId }, { capabilities, headers: { 'Mcp-Name': taskId } });
    await expect.poll(async () => (await poll()).json.result.status).toBe('completed');
    for (const { text } of [begun, await poll()]) hold('the task', text);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    hold('the log', server.stderr);
    hold('the collector', receiver.bodies.join('\n'));
    const database = new DatabaseSync(databaseOf(server.stateDir), { readOnly: true });
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .all()
      .map(({ name }) => String(name));
    const holding = tables.filter((table) => placesIn(JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all())).length > 0);
    database.close();
    expect(holding).toEqual(['tasks']);
  });
});

describe.each(['json', 'pretty'] as const)('a secret that a client sends, with a log that is %s', (format) => {
  const noisy = withFlags(tagCompliance, '--log-level', 'debug', '--log-format', format, '--rate-limit', '0');

  it('over HTTP is in no error, log line, row, file, span or metric', { timeout: LONG }, async () => {
    const receiver = await startOtlpReceiver();
    const server = await startHttp({ ...noisy, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    let errors = 0;
    for (const era of ERAS) {
      const ask = await client(era, server.url, HEADERS);
      const tools = (await ask('tools/list')).json.result.tools as Listing[];
      for (const [method, params] of [...plantedCalls(tools), ...OTHERS]) {
        const response = await ask(method, params, canary('id'));
        if (!isError(response)) continue;
        errors += 1;
        hold(`${era} ${method}`, `${response.text}\n${JSON.stringify(response.headers)}`, REPEATED);
      }
    }
    for (const [path, request] of STRAY) {
      const response = await send(server.url.replace('/mcp', path), { ...request, headers: { ...HEADERS, ...request?.headers } });
      hold(path, `${response.text}\n${JSON.stringify(response.headers)}`, REPEATED);
    }
    expect(errors).toBeGreaterThan(60);
    server.child.kill('SIGTERM');
    await holdAllThatWasWritten(server, receiver.bodies);
  });

  it('over stdio neither', { timeout: LONG }, async () => {
    const receiver = await startOtlpReceiver();
    const peer = new StdioPeer({ ...noisy, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const client = {
      protocolVersion: '2025-11-25',
      capabilities: { [canary('capability')]: {} },
      clientInfo: { name: canary('client name'), version: canary('client version') },
    };
    await peer.request('initialize', client);
    peer.notify('notifications/initialized');
    const tools = (await peer.request('tools/list')).result.tools as Listing[];
    for (const [index, [method, params]] of [...plantedCalls(tools), ...OTHERS].entries()) {
      const message = await peer.request(method, params, `${canary('id')}${index}`);
      if (message.error !== undefined || message.result.isError === true)
        hold(method, JSON.stringify(message).replaceAll(/"id":"[^"]*"/g, ''), REPEATED);
    }
    for (const [, request] of STRAY) if (request?.body !== undefined) peer.write(String(request.body));
    peer.notify(canary('method'), { [canary('param')]: canary('param value') });
    peer.notify('notifications/cancelled', { requestId: canary('unknown id'), reason: canary('reason') });
    await peer.request('ping');
    peer.end();
    await holdAllThatWasWritten(peer.server, receiver.bodies);
  });
});

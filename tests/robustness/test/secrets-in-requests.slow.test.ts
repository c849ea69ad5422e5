import { DatabaseSync } from 'node:sqlite';
import { type RawResponse, type ServerProcess, StdioPeer, send, sendModern, startHttp, startOtlpReceiver } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { databaseOf } from './support/audit-trail.ts';
import { canary, filesIn, placesIn } from './support/canary.ts';
import { call, client, ERAS, tagCompliance, withFlags, workshop } from './support/programs.ts';

type Params = Record<string, unknown>;
type Request = readonly [method: string, params: Params];

/** Valid arguments, to which secrets are added. */
const EXAMPLES: Record<string, Params> = {
  find_untagged_resources: { regions: ['eu-central-1'] },
  validate_resource_tags: { resource_arns: ['arn:aws:s3:::no-such-bucket'] },
  get_cost_attribution_gap: { time_period: 'last_month' },
  suggest_tags: { resource_arn: 'arn:aws:sqs:eu-central-1:111122223333:payments-prod-events' },
};

interface Listing {
  name: string;
  inputSchema: { properties: Record<string, { type?: string; items?: { type?: string }; properties?: Params }> };
}

/**
 * A call for each argument of each tool, with a secret as its value, and one with an unknown argument. No secret looks like an ARN, a
 * region, an account, a date or a resource type, because the audit trail keeps those on purpose.
 */
function callsWithSecrets(tools: readonly Listing[]): Request[] {
  return tools.flatMap(({ name, inputSchema }) => {
    const known = Object.entries(inputSchema.properties).flatMap(([argument, { type, items, properties }]): Params[] => {
      const secret = canary(`value of ${name} ${argument}`);
      if (type === 'array') return [{ [argument]: items?.type === 'object' ? [{ [secret]: secret }] : [secret] }, { [argument]: secret }];
      if (type === 'object')
        return [...Object.keys(properties ?? {}).map((key) => ({ [argument]: { [key]: [secret] } })), { [argument]: secret }];
      return [{ [argument]: secret }];
    });
    const unknown = { [canary('argument name')]: canary(`value of unknown argument of ${name}`) };
    return [...known, unknown].map((given): Request => ['tools/call', call(name, { ...EXAMPLES[name], ...given })]);
  });
}

/** Other requests with secrets. */
const OTHER_REQUESTS: Request[] = [
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

/** HTTP requests that are no valid requests of the protocol. */
const INVALID_REQUESTS: [string, Parameters<typeof send>[1]][] = [
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
 * What an error may repeat of its own request: JSON-RPC requires the id, the protocol the URI that was not found and the version that is
 * not supported, and a caller needs the name of an unknown argument to correct it.
 */
const REPEATED = ['argumentname', 'id', 'protocolversion', 'uri'];

function isError({ status, json, text }: Pick<RawResponse, 'status' | 'json' | 'text'>): boolean {
  return status >= 400 || json?.error !== undefined || json?.result?.isError === true || text === '';
}

function expectNoSecret(where: string, text: string, allowed: readonly string[] = []): void {
  const leaked = placesIn(text).filter((place) => !allowed.includes(place.toLowerCase()));
  expect(leaked, `${where}: ${leaked.length > 0 ? text.slice(0, 2000) : ''}`).toEqual([]);
}

async function expectNoSecretInOutput(server: ServerProcess, collected: readonly string[]): Promise<void> {
  expect(await server.exited).toEqual({ code: 0, signal: null });
  expect(server.stderr.split('\n').length).toBeGreaterThan(50);
  expectNoSecret('log', server.stderr);
  expect(collected.join('').length).toBeGreaterThan(1000);
  expectNoSecret('collector', collected.join('\n'));
  const files = filesIn(server.stateDir);
  expect(files['fairway.db']?.length).toBeGreaterThan(1000);
  for (const [file, content] of Object.entries(files)) expectNoSecret(file, content);
}

describe('the search for secrets', () => {
  it('finds a secret anywhere in a text, also in Base64', () => {
    for (const before of ['', 'a', 'ab']) {
      expect(placesIn(`{"x":"${before}${canary('plain')}"}`)).toEqual(['plain']);
      expect(placesIn(`"${Buffer.from(before + canary('hidden')).toString('base64url')}"`)).toEqual(['hidden']);
    }
    expect(placesIn('nothing')).toEqual([]);
  });
});

describe('a secret in the arguments of a task', () => {
  it('is stored in the row of the task, from which another process may resume it, and nowhere else', async () => {
    const receiver = await startOtlpReceiver();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const server = await startHttp({ ...withFlags(workshop, '--log-level', 'debug'), environment });
    const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    const started = await sendModern(server.url, 'tools/call', call('wait', { ms: 800, reason: canary('reason') }), { capabilities });
    const { taskId } = started.json.result;
    const poll = () => sendModern(server.url, 'tasks/get', { taskId }, { capabilities, headers: { 'Mcp-Name': taskId } });
    await expect.poll(async () => (await poll()).json.result.status).toBe('completed');
    for (const { text } of [started, await poll()]) expectNoSecret('task', text);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expectNoSecret('log', server.stderr);
    expectNoSecret('collector', receiver.bodies.join('\n'));
    const database = new DatabaseSync(databaseOf(server.stateDir), { readOnly: true });
    const tables = database
      .prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`)
      .all()
      .map(({ name }) => String(name));
    const withSecrets = tables.filter((table) => placesIn(JSON.stringify(database.prepare(`SELECT * FROM ${table}`).all())).length > 0);
    database.close();
    expect(withSecrets).toEqual(['tasks']);
  });
});

describe.each(['json', 'pretty'] as const)('a secret in a request, with --log-format %s', (format) => {
  const verbose = withFlags(tagCompliance, '--log-level', 'debug', '--log-format', format, '--rate-limit', '0');

  it('over HTTP is in no error, log line, audit row, file, span or metric', async () => {
    const receiver = await startOtlpReceiver();
    const server = await startHttp({ ...verbose, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    let errors = 0;
    for (const era of ERAS) {
      const ask = await client(era, server.url, HEADERS);
      const tools = (await ask('tools/list')).json.result.tools as Listing[];
      for (const [method, params] of [...callsWithSecrets(tools), ...OTHER_REQUESTS]) {
        const response = await ask(method, params, canary('id'));
        if (!isError(response)) continue;
        errors += 1;
        expectNoSecret(`${era} ${method}`, `${response.text}\n${JSON.stringify(response.headers)}`, REPEATED);
      }
    }
    for (const [path, request] of INVALID_REQUESTS) {
      const response = await send(server.url.replace('/mcp', path), { ...request, headers: { ...HEADERS, ...request?.headers } });
      expectNoSecret(path, `${response.text}\n${JSON.stringify(response.headers)}`, REPEATED);
    }
    expect(errors).toBeGreaterThan(60);
    server.child.kill('SIGTERM');
    await expectNoSecretInOutput(server, receiver.bodies);
  });

  it('over stdio is in no error, log line, audit row, file, span or metric', async () => {
    const receiver = await startOtlpReceiver();
    const peer = new StdioPeer({ ...verbose, environment: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    const client = {
      protocolVersion: '2025-11-25',
      capabilities: { [canary('capability')]: {} },
      clientInfo: { name: canary('client name'), version: canary('client version') },
    };
    await peer.request('initialize', client);
    peer.notify('notifications/initialized');
    const tools = (await peer.request('tools/list')).result.tools as Listing[];
    for (const [index, [method, params]] of [...callsWithSecrets(tools), ...OTHER_REQUESTS].entries()) {
      const message = await peer.request(method, params, `${canary('id')}${index}`);
      if (message.error !== undefined || message.result.isError === true)
        expectNoSecret(method, JSON.stringify(message).replaceAll(/"id":"[^"]*"/g, ''), REPEATED);
    }
    for (const [, request] of INVALID_REQUESTS) if (request?.body !== undefined) peer.write(String(request.body));
    peer.notify(canary('method'), { [canary('param')]: canary('param value') });
    peer.notify('notifications/cancelled', { requestId: canary('unknown id'), reason: canary('reason') });
    await peer.request('ping');
    peer.end();
    await expectNoSecretInOutput(peer.server, receiver.bodies);
  });
});

import fc from 'fast-check';
import { MODERN } from '../support/http.ts';
import { ASKING, envelope, LEGACY, type Question, TASKS } from './questions.ts';

const METHODS = [
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'tasks/get',
  'tasks/cancel',
  'tasks/update',
  'notifications/initialized',
  'notifications/cancelled',
  '',
  'tools/burn',
];
const VERSIONS = [MODERN, LEGACY, '2025-03-26', '1999-01-01', '2099-01-01'];

/** Any JSON value, usually a small one. */
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(undefined, null, true, 0, 1.5, '', 'x', [], {}) },
  fc.jsonValue({ maxDepth: 2 }),
);
/** Usually the valid value, sometimes any value. */
const mostly = <T>(right: fc.Arbitrary<T>) => fc.oneof({ weight: 6, arbitrary: right as fc.Arbitrary<unknown> }, anything);

const given = fc.oneof(
  fc.record({ text: mostly(fc.string({ unit: 'grapheme' })) }, { requiredKeys: [] }),
  fc.record(
    { count: mostly(fc.nat({ max: 200 })), limit: mostly(fc.nat({ max: 60 })), kind: mostly(fc.constant('plain')) },
    { requiredKeys: [] },
  ),
  fc.constantFrom({ how: 'tool_error' }, { how: 'not' }, { note: 'x' }, { ms: 1, steps: 2 }),
);

const capabilities = fc.oneof(fc.constantFrom({}, ASKING, TASKS, { sampling: {}, roots: { listChanged: true } }), anything);

const meta = fc
  .record({
    version: mostly(fc.constantFrom(...VERSIONS)),
    capabilities,
    info: mostly(fc.constant({ name: 't', version: '1' })),
    extra: anything,
  })
  .chain(({ version, capabilities: declared, info, extra }) =>
    fc.constantFrom<unknown>(
      undefined,
      envelope(MODERN, declared),
      envelope(MODERN),
      envelope(version, declared, info),
      { ...envelope(MODERN), progressToken: extra },
      { progressToken: 5 },
      extra,
    ),
  );

const params = fc.record(
  {
    name: mostly(fc.constantFrom('echo', 'list_numbers', 'fail', 'wait', 'add_note', 'nothing', '__proto__', 'summarize_notes')),
    arguments: mostly(given),
    uri: mostly(fc.constantFrom('notes://all', 'notes://note/1', 'other://x')),
    taskId: mostly(fc.constant('missing')),
    cursor: anything,
    ref: mostly(fc.constant({ type: 'ref/prompt', name: 'summarize_notes' })),
    argument: mostly(fc.constant({ name: 'style', value: 's' })),
    protocolVersion: mostly(fc.constantFrom(...VERSIONS)),
    clientInfo: mostly(fc.constant({ name: 't', version: '1' })),
    capabilities,
    _meta: meta,
  },
  { requiredKeys: ['name', '_meta'] },
);

const message = fc.record(
  {
    jsonrpc: fc.oneof({ weight: 9, arbitrary: fc.constant<unknown>('2.0') }, anything),
    id: mostly(fc.oneof(fc.integer(), fc.string())),
    method: mostly(fc.constantFrom(...METHODS)),
    params: mostly(params),
    result: anything,
  },
  { requiredKeys: ['jsonrpc', 'method', 'params'] },
);

/** The SDK treats a notification of that name as a handshake, and checks its headers less strictly. */
const isOddNotification = (sent: unknown) =>
  [sent].flat().some((part) => Object(part).method === 'initialize' && Object(part).id === undefined);

const body = fc
  .oneof({ weight: 9, arbitrary: message as fc.Arbitrary<unknown> }, fc.array(message, { maxLength: 3 }), anything)
  .filter((sent) => !isOddNotification(sent));

const header = fc.option(fc.constantFrom(...VERSIONS), { nil: undefined });
const own = 'as the body says';
const repeated = fc.oneof(
  { weight: 6, arbitrary: fc.constant(own) },
  fc.constantFrom(undefined, 'echo', 'tools/list', '=?base64?ZWNobw==?='),
);

/** One request, mostly valid with some invalid parts. Writes are never confirmed, so that nothing changes. */
export const generatedQuestion: fc.Arbitrary<Question> = fc
  .record({ body, version: header, method: repeated, name: repeated })
  .map(({ body: sent, version, method, name }) => {
    const { method: inBody, params: at } = Object(sent) as {
      method?: unknown;
      params?: { name?: unknown; uri?: unknown; taskId?: unknown };
    };
    const key = inBody === 'resources/read' ? at?.uri : String(inBody).startsWith('tasks/') ? at?.taskId : at?.name;
    const headers = Object.entries({
      'MCP-Protocol-Version': version,
      'Mcp-Method': method === own ? inBody : method,
      'Mcp-Name': name === own ? key : name,
    }).filter(([, value]) => typeof value === 'string' && /^[\x20-\x7e]*$/.test(value));
    return { headers: Object.fromEntries(headers) as Record<string, string>, body: JSON.stringify(sent) ?? '' };
  });

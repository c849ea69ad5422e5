import { MODERN } from '../support/http.ts';
import { ASKING, call, envelope, LEGACY, modern, posted, type Questions, request, TASKS } from './questions.ts';

const capabilities = (declared: unknown) => ({ 'io.modelcontextprotocol/clientCapabilities': declared });
const echo = call('echo', { text: 'x' });
const headers = { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/list' };
const listed = (meta: unknown) => posted(request('tools/list', { params: { _meta: meta } }), headers);

const lists: Questions = {
  discover: modern('server/discover'),
  'tools/list': modern('tools/list'),
  'tools/list with a cursor': modern('tools/list', { cursor: 'x' }),
  'tools/list with a cursor that is none': modern('tools/list', { cursor: 5 }),
  'resources/list': modern('resources/list'),
  'resources/templates/list': modern('resources/templates/list'),
  'prompts/list': modern('prompts/list'),
};

const calls: Questions = {
  'a call': modern('tools/call', echo),
  'a call with unusual text': modern('tools/call', call('echo', { text: 'Zürich 🚀 \u2028 \ud800 \0 "\\' })),
  'a call with a large answer': modern('tools/call', call('list_numbers', { count: 400, limit: 400 })),
  'a call with a page': modern('tools/call', call('list_numbers', { count: 100 })),
  'a call that fails': modern('tools/call', call('fail', { how: 'tool_error' })),
  'a call that breaks': modern('tools/call', call('fail', { how: 'exception' })),
  'a call that answers wrongly': modern('tools/call', call('fail', { how: 'bad_output' })),
  'a call that reports': modern('tools/call', call('wait', { ms: 5, steps: 3 }), {}, { progressToken: 7 }),
  'a call that reports under a text': modern('tools/call', call('wait', { ms: 5, steps: 3 }), {}, { progressToken: 'seven' }),
  'a call without a progress token': modern('tools/call', call('wait', { ms: 5, steps: 3 })),
  'a call of no tool': modern('tools/call', call('nothing')),
  'a call of a prototype': modern('tools/call', call('__proto__')),
  'a call without a name': modern('tools/call'),
  'a call with a number as its name': modern('tools/call', call(5)),
  'a call without arguments': modern('tools/call', call('echo')),
  'a call with an unknown argument': modern('tools/call', call('echo', { text: 'x', texts: 'y' })),
  'a call with an array of arguments': modern('tools/call', call('echo', [])),
  'a call with null as arguments': modern('tools/call', call('echo', null)),
  'a call with text as arguments': modern('tools/call', call('echo', 'x')),
  'a call with a parameter of the past': modern('tools/call', { ...echo, task: { ttl: 1 } }),
  'a call with answers to nothing': modern('tools/call', { ...echo, inputResponses: null }),
  'a call with a list of answers': modern('tools/call', { ...echo, inputResponses: [] }),
  'a call with a state that is no text': modern('tools/call', { ...echo, requestState: 5 }),
  'a write of a client that cannot ask': modern('tools/call', call('add_note', { note: 'x' })),
  'a write of a client that asks': modern('tools/call', call('add_note', { note: 'x' }), {}, capabilities(ASKING)),
  'a write with a state that was made up': modern(
    'tools/call',
    { ...call('add_note', { note: 'x' }), requestState: 'x', inputResponses: { confirm: { action: 'accept' } } },
    {},
    capabilities(ASKING),
  ),
};

const others: Questions = {
  'resources/read': modern('resources/read', { uri: 'notes://all' }),
  'resources/read of what is not there': modern('resources/read', { uri: 'notes://note/9' }),
  'resources/read of an unknown scheme': modern('resources/read', { uri: 'other://x' }),
  'resources/read of nothing': modern('resources/read'),
  'resources/read of a number': modern('resources/read', { uri: 5 }),
  'prompts/get': modern('prompts/get', { name: 'summarize_notes', arguments: { style: 'short' } }),
  'prompts/get without a value': modern('prompts/get', { name: 'summarize_notes' }),
  'prompts/get of no prompt': modern('prompts/get', { name: 'nothing' }),
  'prompts/get of nothing': modern('prompts/get'),
  'completion/complete': modern('completion/complete', {
    ref: { type: 'ref/prompt', name: 'summarize_notes' },
    argument: { name: 'style', value: 's' },
  }),
  'completion/complete of nothing': modern('completion/complete', { ref: { type: 'other' } }),
  'tasks/get without tasks': modern('tasks/get', { taskId: 'x' }),
  'tasks/get of no task': modern('tasks/get', { taskId: 'x' }, {}, capabilities(TASKS)),
  'tasks/get of nothing': modern('tasks/get', {}, {}, capabilities(TASKS)),
  'tasks/update without answers': modern('tasks/update', { taskId: 'x' }, {}, capabilities(TASKS)),
  'tasks/update of no task': modern('tasks/update', { taskId: 'x', inputResponses: {} }, {}, capabilities(TASKS)),
  'tasks/cancel of no task': modern('tasks/cancel', { taskId: 'x' }, {}, capabilities(TASKS)),
  'tasks/list': modern('tasks/list', {}, {}, capabilities(TASKS)),
  'subscriptions/listen': modern('subscriptions/listen', { notifications: { toolsListChanged: true } }),
  'subscriptions/listen to nothing': modern('subscriptions/listen'),
  'subscriptions/listen to a number': modern('subscriptions/listen', { notifications: 5 }),
  'an unknown method': modern('tools/burn'),
  'ping, which is of the past': modern('ping'),
  'initialize, which is of the past': modern('initialize'),
  'logging/setLevel, which is of the past': modern('logging/setLevel', { level: 'info' }),
  'resources/subscribe, which is of the past': modern('resources/subscribe', { uri: 'notes://all' }),
};

const standardHeaders: Questions = {
  'no version header': modern('tools/list', {}, { 'MCP-Protocol-Version': undefined }),
  'no method header': modern('tools/list', {}, { 'Mcp-Method': undefined }),
  'no name header': modern('tools/call', echo, { 'Mcp-Name': undefined }),
  'no header at all': modern('tools/call', echo, { 'MCP-Protocol-Version': undefined, 'Mcp-Method': undefined, 'Mcp-Name': undefined }),
  'another version in the header': modern('tools/list', {}, { 'MCP-Protocol-Version': LEGACY }),
  'another method in the header': modern('tools/list', {}, { 'Mcp-Method': 'prompts/list' }),
  'the method in capitals': modern('tools/list', {}, { 'Mcp-Method': 'TOOLS/LIST' }),
  'another name in the header': modern('tools/call', echo, { 'Mcp-Name': 'fail' }),
  'a name where there is none': modern('tools/list', {}, { 'Mcp-Name': 'x' }),
  'spaces around the headers': modern('tools/call', echo, { 'Mcp-Name': '  echo ', 'Mcp-Method': ' tools/call  ' }),
  'a name in Base64': modern('tools/call', echo, { 'Mcp-Name': '=?base64?ZWNobw==?=' }),
  'a name in broken Base64': modern('tools/call', echo, { 'Mcp-Name': '=?base64?ZWNobw?=' }),
  'a name in Base64 of no text': modern('tools/call', echo, { 'Mcp-Name': '=?base64?/w==?=' }),
};

const envelopes: Questions = {
  'an unknown version': posted(request('tools/list', { params: { _meta: envelope('2099-01-01') } }), {
    ...headers,
    'MCP-Protocol-Version': '2099-01-01',
  }),
  'an older version in an envelope': posted(request('tools/list', { params: { _meta: envelope(LEGACY) } }), {
    ...headers,
    'MCP-Protocol-Version': LEGACY,
  }),
  'a version that is no text': listed(envelope(5)),
  'no envelope': posted(request('tools/list'), headers),
  'an empty envelope': listed({}),
  'an envelope without capabilities': listed({ 'io.modelcontextprotocol/protocolVersion': MODERN }),
  'an envelope without client info': listed({
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientCapabilities': {},
  }),
  'capabilities that are none': listed(envelope(MODERN, 5)),
  'elicitation that is none': listed(envelope(MODERN, { elicitation: 5 })),
  'a form that is none': listed(envelope(MODERN, { elicitation: { form: 5 } })),
  'form defaults that are none': listed(envelope(MODERN, { elicitation: { form: { applyDefaults: 'yes' } } })),
  'sampling that is none': listed(envelope(MODERN, { sampling: { tools: [] } })),
  'roots that are none': listed(envelope(MODERN, { roots: { listChanged: 'yes' } })),
  'extensions that are none': listed(envelope(MODERN, { extensions: { x: 5 } })),
  'tasks of the past': listed(envelope(MODERN, { tasks: { list: {} } })),
  'tasks of the past that are none': listed(envelope(MODERN, { tasks: 5 })),
  'everything that a client can declare': listed(
    envelope(MODERN, {
      elicitation: { form: { applyDefaults: true }, url: {} },
      sampling: { tools: {}, context: {} },
      roots: { listChanged: true },
      extensions: { 'example/x': { y: [1] } },
      experimental: { z: {} },
    }),
  ),
  'an unknown capability': listed(envelope(MODERN, { flying: 5 })),
  'client info that is none': listed(envelope(MODERN, {}, { name: 5, version: '1' })),
  'client info with icons that are none': listed(envelope(MODERN, {}, { name: 'x', version: '1', icons: 5 })),
  'client info with a title that is none': listed(envelope(MODERN, {}, { name: 'x', version: '1', title: 5 })),
  'a log level': modern('tools/call', echo, {}, { 'io.modelcontextprotocol/logLevel': 'info' }),
  'a log level that is none': modern('tools/call', echo, {}, { 'io.modelcontextprotocol/logLevel': 'loud' }),
  'a progress token that is none': modern('tools/call', echo, {}, { progressToken: {} }),
  'a progress token with a fraction': modern('tools/call', echo, {}, { progressToken: 1.5 }),
  'a related task that is none': modern('tools/call', echo, {}, { 'io.modelcontextprotocol/related-task': 5 }),
};

const notifications: Questions = {
  'a notification': posted({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, _meta: envelope() } }, headers),
  'a notification without an envelope': posted(
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
    { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'notifications/cancelled' },
  ),
  'a notification with another method in the header': posted(
    { jsonrpc: '2.0', method: 'notifications/x', params: { _meta: envelope() } },
    headers,
  ),
  'a notification of an unknown version': posted(
    { jsonrpc: '2.0', method: 'notifications/x', params: { _meta: envelope('2099-01-01') } },
    { 'MCP-Protocol-Version': '2099-01-01' },
  ),
};

const accepting: Questions = {
  'accepting JSON only': modern('tools/call', echo, { Accept: 'application/json' }),
  'accepting streams only': modern('tools/call', echo, { Accept: 'text/event-stream' }),
  'accepting anything': modern('tools/call', echo, { Accept: '*/*' }),
  'accepting pages': modern('tools/call', echo, { Accept: 'text/html' }),
  'reporting to who accepts JSON only': modern(
    'tools/call',
    call('wait', { ms: 5, steps: 3 }),
    { Accept: 'application/json' },
    { progressToken: 7 },
  ),
};

/** Valid and invalid requests of clients of protocol 2026-07-28. */
export const modernQuestions: Questions = {
  ...lists,
  ...calls,
  ...others,
  ...standardHeaders,
  ...envelopes,
  ...notifications,
  ...accepting,
};

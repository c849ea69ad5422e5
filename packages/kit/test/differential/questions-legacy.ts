import { MODERN } from '../support/http.ts';
import { call, initialize, LEGACY, legacy, posted, type Questions, request } from './questions.ts';

const echo = call('echo', { text: 'x' });

/** Requests that open a session, valid and invalid ones. */
export const handshakes: Questions = {
  initialize: legacy('initialize', initialize(LEGACY)),
  'initialize of an older version': legacy('initialize', initialize('2024-11-05'), { 'MCP-Protocol-Version': '2024-11-05' }),
  'initialize of an unknown version': legacy('initialize', initialize('1999-01-01')),
  'initialize of the modern version': legacy('initialize', initialize(MODERN)),
  'initialize without a header': posted(request('initialize', { params: initialize(LEGACY) })),
  'initialize under an unknown header': legacy('initialize', initialize(LEGACY), { 'MCP-Protocol-Version': '1999-01-01' }),
  'initialize under the modern header': legacy('initialize', initialize(LEGACY), { 'MCP-Protocol-Version': MODERN }),
  'initialize with nothing': legacy('initialize', {}),
  'initialize without params': legacy('initialize'),
};

const calls: Questions = {
  'a call': legacy('tools/call', echo),
  'a call with unusual text': legacy('tools/call', call('echo', { text: 'Zürich 🚀 \u2028 \ud800 \0 "\\' })),
  'a call with a large answer': legacy('tools/call', call('list_numbers', { count: 400, limit: 400 })),
  'a call that fails': legacy('tools/call', call('fail', { how: 'tool_error' })),
  'a call that breaks': legacy('tools/call', call('fail', { how: 'exception' })),
  'a call that reports': legacy('tools/call', { ...call('wait', { ms: 5, steps: 3 }), _meta: { progressToken: 7 } }),
  'a call without a progress token': legacy('tools/call', call('wait', { ms: 5, steps: 3 })),
  'a call of no tool': legacy('tools/call', call('nothing')),
  'a call without a name': legacy('tools/call', {}),
  'a call without params': legacy('tools/call'),
  'a call without arguments': legacy('tools/call', call('echo')),
  'a call with an unknown argument': legacy('tools/call', call('echo', { text: 'x', texts: 'y' })),
  'a call with an array of arguments': legacy('tools/call', call('echo', [])),
  'a call with null as arguments': legacy('tools/call', call('echo', null)),
  'a call that wants to be a task': legacy('tools/call', { ...echo, task: { ttl: 60_000 } }),
  'a call that wants to be a number of a task': legacy('tools/call', { ...echo, task: 5 }),
  'a call with a number as its meta': legacy('tools/call', { ...echo, _meta: 5 }),
  'a call with a progress token that is none': legacy('tools/call', { ...echo, _meta: { progressToken: {} } }),
  'a write of a client that cannot ask': legacy('tools/call', call('add_note', { note: 'x' })),
};

const others: Questions = {
  ping: legacy('ping'),
  'tools/list': legacy('tools/list'),
  'tools/list with a cursor': legacy('tools/list', { cursor: 'x' }),
  'tools/list with a cursor that is none': legacy('tools/list', { cursor: 5 }),
  'tools/list with a number as its meta': legacy('tools/list', { _meta: 5 }),
  'resources/list': legacy('resources/list'),
  'resources/templates/list': legacy('resources/templates/list'),
  'resources/read': legacy('resources/read', { uri: 'notes://all' }),
  'resources/read of what is not there': legacy('resources/read', { uri: 'notes://note/9' }),
  'resources/read of nothing': legacy('resources/read', {}),
  'prompts/list': legacy('prompts/list'),
  'prompts/get': legacy('prompts/get', { name: 'summarize_notes', arguments: { style: 'short' } }),
  'prompts/get without a value': legacy('prompts/get', { name: 'summarize_notes' }),
  'prompts/get of no prompt': legacy('prompts/get', { name: 'nothing' }),
  'completion/complete': legacy('completion/complete', {
    ref: { type: 'ref/resource', uri: 'notes://note/{number}' },
    argument: { name: 'number', value: '' },
  }),
  'an unknown method': legacy('tools/burn'),
  'server/discover, which is of the future': legacy('server/discover'),
  'subscriptions/listen, which is of the future': legacy('subscriptions/listen', { notifications: {} }),
  'tasks/get, which is of the future': legacy('tasks/get', { taskId: 'x' }),
  'logging/setLevel, which is not offered': legacy('logging/setLevel', { level: 'info' }),
  'a notification': posted({ jsonrpc: '2.0', method: 'notifications/initialized' }),
  'an unknown notification': posted({ jsonrpc: '2.0', method: 'notifications/x' }),
  'a notification with an array of params': posted({ jsonrpc: '2.0', method: 'notifications/x', params: [] }),
  'an answer to nothing': posted({ jsonrpc: '2.0', id: 77, result: {} }),
  'an error to nothing': posted({ jsonrpc: '2.0', id: 77, error: { code: 1, message: 'x' } }),
  'no version header': posted(request('tools/list')),
  'an unknown version': legacy('ping', undefined, { 'MCP-Protocol-Version': '1999-01-01' }),
  'tools/list under an unknown version': legacy('tools/list', undefined, { 'MCP-Protocol-Version': '1999-01-01' }),
  'a call under a version of the future': legacy('tools/call', echo, { 'MCP-Protocol-Version': '2099-01-01' }),
  'a call under the modern version': legacy('tools/call', echo, { 'MCP-Protocol-Version': MODERN }),
};

const accepting: Questions = {
  'accepting JSON only': legacy('tools/list', undefined, { Accept: 'application/json' }),
  'accepting streams only': legacy('tools/call', echo, { Accept: 'text/event-stream' }),
  'accepting anything': legacy('ping', undefined, { Accept: '*/*' }),
  'accepting pages': legacy('ping', undefined, { Accept: 'text/html' }),
  'reporting to who accepts JSON only': legacy(
    'tools/call',
    { ...call('wait', { ms: 5, steps: 3 }), _meta: { progressToken: 7 } },
    { Accept: 'application/json' },
  ),
};

const batches: Questions = {
  'a batch': posted([
    request('ping'),
    request('tools/call', { id: 'two', params: echo }),
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    request('tools/burn', { id: 3 }),
  ]),
  'a batch of one': posted([request('ping')]),
  'a batch of notifications': posted([{ jsonrpc: '2.0', method: 'notifications/initialized' }]),
  'a batch with two requests of one id': posted([request('ping'), request('ping')]),
  'a batch of initialize': posted([request('initialize', { params: initialize(LEGACY) })]),
  'a batch with initialize': posted([request('initialize', { params: initialize(LEGACY) }), request('ping', { id: 2 })]),
};

/** Valid and invalid requests of connected clients of protocol 2025-11-25 and before. */
export const legacyQuestions: Questions = { ...calls, ...others, ...accepting, ...batches };

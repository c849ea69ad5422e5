import { MODERN } from '../support/http.ts';
import { envelope, legacy, modern, posted, type Questions, request } from './questions.ts';

const ping = (more: object) => posted(request('ping', more));
const listed = (id: string) => ({ ...modern('tools/list'), body: modern('tools/list').body?.replace('"id":1', `"id":${id}`) ?? '' });

/** Bodies that are not a valid message, and invalid headers. All are rejected without a session. */
export const shapeQuestions: Questions = {
  'half of a body': posted('{"jsonrpc":'),
  'an empty body': posted(''),
  text: posted('"x"'),
  'a number': posted('5'),
  null: posted('null'),
  'an empty object': posted('{}'),
  'another JSON-RPC': posted('{"jsonrpc":"1.0","id":1,"method":"ping"}'),
  'no JSON-RPC': posted('{"id":1,"method":"ping"}'),
  'an id that is an object': ping({ id: {} }),
  'an id that is a switch': ping({ id: true }),
  'an id that is null': ping({ id: null }),
  'an id with a fraction': ping({ id: 1.5 }),
  'a method that is a number': ping({ method: 5 }),
  'params that are an array': ping({ params: [] }),
  'params that are null': ping({ params: null }),
  'params that are text': posted(request('tools/list', { params: 'x' })),
  'a request that is an answer too': ping({ result: {} }),
  'one field too many': ping({ x: 1 }),
  'one field too many for a list': posted(request('tools/list', { x: 1 })),
  'one field too many for a call': posted(request('tools/call', { params: { name: 'echo', arguments: { text: 'x' } }, x: 1 })),
  'a call with a fraction as its id': posted(request('tools/call', { id: 1.5, params: { name: 'echo', arguments: { text: 'x' } } })),
  'an error without a code': posted({ jsonrpc: '2.0', id: 1, error: {} }),
  'an id alone': posted({ jsonrpc: '2.0', id: 1 }),
  'a result alone': posted({ jsonrpc: '2.0', result: {} }),
  'an empty batch': posted('[]'),
  'a batch of a number': posted('[1]'),
  'a batch in a batch': posted([[request('ping')]]),
  'a batch with a modern request': posted([request('ping', { params: { _meta: envelope() } })]),
  'a batch with half a message': posted([request('ping'), { jsonrpc: '2.0', id: 2, method: 5 }]),

  'modern: an id of text': listed('"aé\\u0000"'),
  'modern: an empty id': listed('""'),
  'modern: a negative id': listed('-5'),
  'modern: an id that is null': listed('null'),
  'modern: an id with a fraction': listed('1.5'),
  'modern: an id beyond all numbers': listed('1e30'),

  'JSON with a charset': modern('tools/list', {}, { 'Content-Type': 'application/json; charset=utf-8' }),
  'JSON in capitals': modern('tools/list', {}, { 'Content-Type': 'Application/JSON' }),
  'JSON behind a mark': { ...modern('tools/list'), body: `\ufeff${modern('tools/list').body}` },
  'JSON as text': modern('tools/list', {}, { 'Content-Type': 'text/plain' }),
  'JSON as a relative': modern('tools/list', {}, { 'Content-Type': 'application/vnd.api+json' }),
  'JSON as nearly JSON': modern('tools/list', {}, { 'Content-Type': 'application/jsonx' }),
  'JSON as nothing': legacy('ping', undefined, { 'Content-Type': '' }),
  'JSON as a form': legacy('ping', undefined, { 'Content-Type': 'multipart/form-data' }),
};

const verbs = ['GET', 'DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'];

/** Every other HTTP method. */
export const verbQuestions: Questions = Object.fromEntries(
  verbs.flatMap((method) => [
    [method, { method }],
    [`${method}, modern`, { method, headers: { 'MCP-Protocol-Version': MODERN } }],
  ]),
);

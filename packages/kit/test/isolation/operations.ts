import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Json } from '../support/http.ts';
import type { Flight, IsolatedClient } from './client.ts';
import type { Random } from './random.ts';

/** One operation of a client, under a marker that is unique in the run. */
export interface Turn {
  client: IsolatedClient;
  marker: string;
  random: Random;
  world: World;
}

/** What all clients own, so that others can try to access it. */
export interface World {
  clients: readonly IsolatedClient[];
  tasks: { id: string; principal: string }[];
  /** States of questions that were not answered. */
  states: { marker: string; requestState: string; principal: string }[];
  written: Set<string>;
  cancelled: Set<string>;
}

const ERROR = 'io.github.fairway-mcp/error';
/** The progress token of all clients. */
const TOKEN = 'p';
const MARKER = /~c\d+\.\d+~/g;

/** Expects that the messages mention no marker but the given ones. */
function expectOnly(markers: readonly string[], messages: readonly Json[]): void {
  const found = new Set(JSON.stringify(messages).match(MARKER) ?? []);
  for (const marker of markers) found.delete(marker);
  expect([...found], 'markers of other calls').toEqual([]);
}

async function answerOf({ client, marker }: Turn, flight: Flight): Promise<Json> {
  await flight.over;
  expectOnly([marker], flight.messages);
  const answer = flight.messages.at(-1);
  expect(answer, `client ${client.profile.number} has an answer (status ${flight.status})`).toBeDefined();
  expect(answer.id).toBe(flight.id);
  return answer;
}

function call(name: string, marker: string, more: object = {}): Record<string, unknown> {
  return { name, arguments: { marker, ...more }, _meta: { progressToken: TOKEN } };
}

function ownAnswer({ client, marker }: Turn): object {
  return { result: { structuredContent: { marker, principal: client.profile.principal } } };
}

async function mirror(turn: Turn): Promise<void> {
  const { client, marker, random } = turn;
  const steps = random.below(4);
  const flight = client.request('tools/call', call('mirror', marker, { ms: random.below(4), steps }));
  expect(await answerOf(turn, flight)).toMatchObject(ownAnswer(turn));
  const told = flight.messages.slice(0, -1).map(({ method, params }) => [method, params.progressToken, params.progress, params.message]);
  expect(told).toEqual(Array.from({ length: steps }, (_, step) => ['notifications/progress', TOKEN, step + 1, marker]));
}

async function fail(turn: Turn): Promise<void> {
  const { client, marker } = turn;
  const { result } = await answerOf(turn, client.request('tools/call', call('fail', marker)));
  expect(result._meta[ERROR]).toMatchObject({ kind: 'conflict', message: `${marker} of ${client.profile.principal} failed.` });
}

async function read(turn: Turn): Promise<void> {
  const { client, marker } = turn;
  const { result } = await answerOf(turn, client.request('resources/read', { uri: `mirror://${marker}` }));
  expect(JSON.parse(result.contents[0].text).principal).toBe(client.profile.principal);
}

async function prompt(turn: Turn): Promise<void> {
  const { client, marker } = turn;
  const { result } = await answerOf(turn, client.request('prompts/get', { name: 'mirror', arguments: { marker } }));
  expect(result.messages[0].content.text).toBe(`${marker} of ${client.profile.principal}`);
}

async function list(turn: Turn): Promise<void> {
  const { client, random } = turn;
  const method = random.pick(['tools/list', 'prompts/list', 'resources/templates/list']);
  expect((await answerOf(turn, client.request(method, {}))).result).toBeDefined();
}

/** Starts an operation that does not end, and cancels it, while other clients have requests with the same id. */
async function cancelled({ client, marker, world }: Turn, method: string, params: Record<string, unknown>): Promise<Json[]> {
  world.cancelled.add(marker);
  const flight = client.request(method, params, (message, own) => {
    if (message.method !== 'notifications/progress') return;
    if (client.profile.era === 'modern') own.abandon();
    else client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: own.id } });
  });
  await flight.over;
  expectOnly([marker], flight.messages);
  expect(flight.messages[0].params).toEqual({ progressToken: TOKEN, progress: 1, message: marker });
  return flight.messages.slice(1);
}

async function cancelCall(turn: Turn): Promise<void> {
  const answers = await cancelled(turn, 'tools/call', call('hang', turn.marker));
  expect(answers.map(({ result }) => result._meta[ERROR].kind)).toEqual(turn.client.profile.era === 'legacy' ? ['cancelled'] : []);
}

async function cancelReading(turn: Turn): Promise<void> {
  const uri = `hanging://${turn.marker}`;
  expect(await cancelled(turn, 'resources/read', { uri, _meta: { progressToken: TOKEN } })).toEqual([]);
}

/** Writes, and is asked exactly when the client declared that it can ask. */
async function write(turn: Turn): Promise<void> {
  const { client, marker, random, world } = turn;
  const { canAsk, era, principal } = client.profile;
  const answers = random.next() < 0.7;
  const question = `Write ${marker}?`;
  const decision = { action: answers ? 'accept' : 'decline', ...(answers && { content: { confirm: true } }) };
  const asked: string[] = [];
  let answer = await answerOf(
    turn,
    client.request('tools/call', call('write', marker), (message) => {
      if (message.method !== 'elicitation/create') return;
      asked.push(message.params.message);
      client.post({ jsonrpc: '2.0', id: message.id, result: decision });
    }),
  );
  if (era === 'modern' && canAsk) {
    const { inputRequests, requestState } = answer.result;
    asked.push(inputRequests.confirm.params.message);
    if (random.next() < 0.2) return void world.states.push({ marker, requestState, principal });
    const retry = { ...call('write', marker), inputResponses: { confirm: decision }, requestState };
    answer = await answerOf(turn, client.request('tools/call', retry));
  }
  expect(asked).toEqual(canAsk ? [question] : []);
  if (!canAsk) expect(answer.result._meta[ERROR].kind).toBe('confirmation_required');
  else if (!answers) expect(answer.result._meta[ERROR].kind).toBe('cancelled');
  else {
    expect(answer).toMatchObject(ownAnswer(turn));
    world.written.add(marker);
  }
}

/** A long call: becomes a task exactly for clients that declared tasks. */
async function long(turn: Turn): Promise<void> {
  const { client, marker, world } = turn;
  const { era, knowsTasks, principal } = client.profile;
  const answer = await answerOf(turn, client.request('tools/call', call('long', marker)));
  if (era === 'legacy' || !knowsTasks) {
    expect(answer).toMatchObject(ownAnswer(turn));
    expect(answer.result.taskId).toBeUndefined();
    return;
  }
  expect(answer.result).toMatchObject({ resultType: 'task', status: 'working' });
  const { taskId } = answer.result;
  world.tasks.push({ id: taskId, principal });
  const look = async () => (await answerOf(turn, client.request('tasks/get', { taskId }))).result;
  let task = await look();
  while (task.status === 'working') {
    await sleep(50);
    task = await look();
  }
  expect(task).toMatchObject({ taskId, ...ownAnswer(turn) });
}

/** Two requests in one body. */
async function batch(turn: Turn): Promise<void> {
  const { client, marker, random } = turn;
  if (client.profile.era === 'modern') return mirror(turn);
  const ids = [`${marker}a`, `${marker}b`];
  const params = { name: 'mirror', arguments: { marker, ms: random.below(3), steps: 1 }, _meta: { progressToken: TOKEN } };
  const flight = client.post(ids.map((id) => ({ jsonrpc: '2.0', id, method: 'tools/call', params })));
  await flight.over;
  expectOnly([marker], flight.messages);
  expect(flight.messages.map(({ id }) => id)).toEqual(ids);
  for (const message of flight.messages) expect(message).toMatchObject(ownAnswer(turn));
}

/** Tries to access what belongs to another principal. */
async function trespass(turn: Turn): Promise<void> {
  const { client, marker, random, world } = turn;
  const { era, principal } = client.profile;
  const others = world.clients.filter(({ profile, session }) => profile.principal !== principal && session !== undefined);
  const session = random.pick(others).session;
  const entered = client.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call('mirror', marker) }, undefined, session);
  await entered.over;
  expect(entered.status).toBe(404);
  const tasks = world.tasks.filter((task) => task.principal !== principal);
  if (tasks.length > 0) {
    const { id } = random.pick(tasks);
    expect((await client.get(`/tasks/${id}`)).status).toBe(404);
    if (era === 'modern' && client.profile.knowsTasks)
      for (const method of ['tasks/get', 'tasks/cancel', 'tasks/update']) {
        const { error } = await answerOf(turn, client.request(method, { taskId: id, inputResponses: {} }));
        expect(error.code).toBe(-32602);
      }
  }
  const states = world.states.filter((state) => state.principal !== principal);
  if (states.length === 0 || era === 'legacy') return;
  const { marker: theirs, requestState } = random.pick(states);
  const inputResponses = { confirm: { action: 'accept', content: { confirm: true } } };
  const flight = client.request('tools/call', { ...call('write', theirs), inputResponses, requestState });
  await flight.over;
  expect(flight.messages.at(-1).result._meta[ERROR].kind).toBe('invalid_input');
}

/** Each operation with its relative frequency. */
export const operations: readonly (readonly [number, (turn: Turn) => Promise<void>])[] = [
  [30, mirror],
  [10, fail],
  [15, read],
  [15, prompt],
  [5, list],
  [6, cancelCall],
  [6, cancelReading],
  [15, write],
  [4, long],
  [4, batch],
  [4, trespass],
];

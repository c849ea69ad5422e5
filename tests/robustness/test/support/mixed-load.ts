import { randomUUID } from 'node:crypto';
import { openSession, type RawResponse, type Session, sendModern } from '@fairway-mcp/testing';
import { call, ERROR } from './programs.ts';

const TASKS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

/** The server and the API key, which the test rotates while the load goes on. */
export interface Target {
  url: string;
  key: () => string;
}

/** One action of a caller. Throws when the answer is not as expected. */
type Action = (caller: Caller) => Promise<void>;

/** The actions, and how many of a hundred are of each kind. */
const ACTIONS: readonly [times: number, action: Action][] = [
  [34, async (caller) => caller.expectLines(await caller.modern('tools/call', call('list_lines', { count: 5 })))],
  [20, async (caller) => caller.expectLines(await caller.legacy('tools/call', call('list_lines', { count: 5 })))],
  [
    8,
    async (caller) => caller.expectLines(await caller.modern('tools/call', call('list_lines', { count: 1000, length: 60, limit: 1000 }))),
  ],
  [4, async (caller) => caller.expectKind(await caller.modern('tools/call', call('fail', { expected: true })), 'upstream_unavailable')],
  [2, async (caller) => caller.expectKind(await caller.legacy('tools/call', call('fail', { expected: false })), 'internal')],
  [3, async (caller) => caller.expectKind(await caller.modern('tools/call', call('list_lines', { [randomUUID()]: 1 })), 'invalid_input')],
  [2, async (caller) => caller.expectCode(await caller.modern('tools/call', call(randomUUID())), -32602)],
  [2, async (caller) => caller.expectStatus(await caller.withUnknownKey(), 401)],
  [3, (caller) => caller.disconnect('modern')],
  [3, (caller) => caller.disconnect('legacy')],
  [
    3,
    async (caller) =>
      caller.expectProgress(await caller.modern('tools/call', { ...call('wait', { ms: 10, steps: 5 }), ...withProgress() })),
  ],
  [
    2,
    async (caller) =>
      caller.expectProgress(await caller.legacy('tools/call', { ...call('wait', { ms: 10, steps: 5 }), ...withProgress() })),
  ],
  [3, (caller) => caller.abandonSession()],
  [
    3,
    async (caller) =>
      caller.expectWritten(await caller.modern('tools/call', call('append_line', { line: 'a line', idempotency_key: randomUUID() }))),
  ],
  [4, async (caller) => caller.expectStatus(await caller.modern('tools/list'), 200)],
  [2, async (caller) => caller.expectStatus(await caller.legacy('resources/read', { uri: 'workshop://ledger' }), 200)],
  [2, async (caller) => caller.expectStatus(await caller.legacy('tools/list'), 200)],
];

const withProgress = () => ({ _meta: { progressToken: randomUUID() } });

/** A hundred actions in a mixed order. */
const HUNDRED = ACTIONS.flatMap(([times, action]) => Array.from({ length: times }, () => action)).map(
  (_, at, all) => all[(at * 37) % all.length],
);

/** Runs a number of actions, shared among concurrent callers. With every hundredth, a task is started. */
export async function mixedLoad(target: Target, calls: number, callers: number): Promise<void> {
  let next = 0;
  const work = async (caller: Caller) => {
    while (next < calls) {
      const action = HUNDRED[next % HUNDRED.length];
      if (next % HUNDRED.length === 0) await caller.startTask();
      next += 1;
      await action?.(caller);
    }
  };
  await Promise.all(Array.from({ length: callers }, () => work(new Caller(target))));
}

class Caller {
  readonly #target: Target;
  #session: Promise<Session> | undefined;
  #id = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  modern(method: string, params: Record<string, unknown> = {}, signal?: AbortSignal): Promise<RawResponse> {
    return sendModern(this.#target.url, method, params, { id: this.#nextId(), headers: this.#headers(), signal });
  }

  /** Sends a request in a session, and opens a new one when it has ended. */
  async legacy(method: string, params: Record<string, unknown> = {}, signal?: AbortSignal): Promise<RawResponse> {
    this.#session ??= openSession(this.#target.url, { headers: this.#headers() });
    const session = await this.#session;
    const response = await session.request(method, params, this.#nextId(), signal);
    if (response.status !== 404 && response.status !== 401) return response;
    this.#session = undefined;
    return this.legacy(method, params, signal);
  }

  withUnknownKey(): Promise<RawResponse> {
    return sendModern(this.#target.url, 'tools/list', {}, { headers: { Authorization: `Bearer fwk_${'a'.repeat(12)}_${'b'.repeat(43)}` } });
  }

  /** Disconnects during a call. */
  async disconnect(era: 'modern' | 'legacy'): Promise<void> {
    const abort = new AbortController();
    const outcome = this[era]('tools/call', call('wait', { ms: 60_000 }), abort.signal).then(
      () => 'answered',
      () => 'disconnected',
    );
    setTimeout(() => abort.abort(), 5 + Math.random() * 20);
    expectThat((await outcome) === 'disconnected', 'a call was answered although its client had disconnected');
  }

  /** Opens a session and never uses it. */
  async abandonSession(): Promise<void> {
    const { opened } = await openSession(this.#target.url, { headers: this.#headers() });
    expectThat(opened.status === 200 || opened.status === 503, `a session could not be opened: ${opened.text}`);
  }

  async startTask(): Promise<void> {
    const options = { id: this.#nextId(), headers: this.#headers(), capabilities: TASKS };
    const { json, text } = await sendModern(this.#target.url, 'tools/call', call('wait', { ms: 700 }), options);
    expectThat(json.result?.resultType === 'task', `no task was started: ${text}`);
  }

  expectLines({ json, text }: RawResponse): void {
    expectThat(json?.result?.structuredContent?.lines?.length > 0, `no lines: ${text}`);
  }

  expectKind({ json, text }: RawResponse, kind: string): void {
    expectThat(json?.result?._meta?.[ERROR]?.kind === kind, `not ${kind}: ${text}`);
  }

  expectCode({ json, text }: RawResponse, code: number): void {
    expectThat(json?.error?.code === code, `not ${code}: ${text}`);
  }

  expectStatus({ status, text }: RawResponse, wanted: number): void {
    expectThat(status === wanted, `not ${wanted}: ${status} ${text}`);
  }

  expectProgress({ text }: RawResponse): void {
    expectThat(text.split('notifications/progress').length === 6 && text.includes('waited_ms'), `not all progress: ${text}`);
  }

  expectWritten({ json, text }: RawResponse): void {
    expectThat(json?.result?.structuredContent?.line === 'a line', `not written: ${text}`);
  }

  #nextId(): number {
    this.#id += 1;
    return this.#id;
  }

  #headers(): Record<string, string> {
    return { Authorization: `Bearer ${this.#target.key()}` };
  }
}

function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}

import type { IncomingHttpHeaders } from 'node:http';
import { finished } from 'node:stream';
import type * as z from 'zod';
import type { UpstreamAnswer } from './answer.ts';
import { type AttemptContext, attempt, type OpenAnswer, readAll, toAnswer } from './attempt.ts';
import { type Clock, systemClock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { type Effect, UpstreamError, withEffect } from './errors.ts';
import type { Outgoing } from './exchange.ts';
import { createHostGuard, type HostGuard, type Target } from './hosts.ts';
import { parseJson } from './json.ts';
import { DEFAULT_BREAKER, DEFAULT_LIMITS, DEFAULT_RETRY, type Limits, type UpstreamOptions } from './options.ts';
import { type OriginHealth, Origins } from './origin.ts';
import { createSecretNames, redactUrl, type SecretNames } from './redact.ts';
import { followRedirect, isRedirect } from './redirects.ts';
import { buildOutgoing, type UpstreamRequest } from './request.ts';
import { createMemoryStore } from './response-store.ts';
import { isSafeMethod, type RetryOptions, retryDelayMs } from './retry.ts';
import { type KnownAnswer, Revalidator } from './revalidate.ts';

export interface JsonAnswer<T> extends UpstreamAnswer {
  data: T;
}

/** An answer that is read as it comes. Read it to its end, or cancel it; the deadline of the request ends it otherwise. */
export interface UpstreamStream {
  status: number;
  headers: Readonly<IncomingHttpHeaders>;
  body: AsyncIterable<Uint8Array>;
  cancel(): void;
}

/** What `/health` shows of a declared host. A wildcard has an origin for each name that was called. */
export interface UpstreamHealth {
  host: string;
  why: string;
  origins: OriginHealth[];
}

/** Calls other people's APIs. Every method throws {UpstreamError}, and nothing else but for mistakes in the calling code. */
export interface Upstream extends AsyncDisposable {
  request(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** The answer as JSON of the given shape. */
  json<S extends z.ZodType>(schema: S, request: UpstreamRequest): Promise<JsonAnswer<z.output<S>>>;
  stream(request: UpstreamRequest): Promise<UpstreamStream>;
  health(): UpstreamHealth[];
  /** Ends what is in flight, and closes all connections. */
  close(): Promise<void>;
}

/** @throws {TypeError} when a host is not understood or the user agent is none */
export function createUpstream(options: UpstreamOptions): Upstream {
  return new HttpUpstream(options);
}

/** What belongs to one request over all of its attempts and hops. */
interface Call {
  request: UpstreamRequest;
  limits: Limits;
  deadline: Deadline;
  attempts: number;
  effect: Effect;
}

class HttpUpstream implements Upstream {
  readonly #options: UpstreamOptions;
  readonly #limits: Limits;
  readonly #retry: RetryOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #guard: HostGuard;
  readonly #secrets: SecretNames;
  readonly #origins: Origins;
  readonly #revalidator: Revalidator | undefined;
  readonly #calls = new Set<Call>();
  #closed = false;

  constructor(options: UpstreamOptions) {
    if (!/^[\x20-\x7e]{3,200}$/.test(options.userAgent)) throw new TypeError('userAgent names this program, in 3 to 200 ASCII characters.');
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#retry = { ...DEFAULT_RETRY, ...options.retry };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#guard = createHostGuard(options.hosts, options.allowPrivateAddresses);
    this.#secrets = createSecretNames([...(options.secretNames ?? []), ...options.hosts.flatMap(({ secretNames = [] }) => secretNames)]);
    this.#origins = new Origins({
      limits: this.#limits,
      retry: this.#retry,
      breaker: { ...DEFAULT_BREAKER, ...options.breaker },
      clock: this.#clock,
      resolve: options.resolve,
      ca: options.ca,
    });
    if (options.store !== false) this.#revalidator = new Revalidator(options.store ?? createMemoryStore(), this.#secrets, this.#clock);
  }

  async request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const { outgoing, target } = this.#prepare(request);
    const call = this.#begin(request);
    try {
      return await this.#requestWithStore(call, outgoing, target);
    } finally {
      this.#end(call);
    }
  }

  async json<S extends z.ZodType>(schema: S, request: UpstreamRequest): Promise<JsonAnswer<z.output<S>>> {
    const headers = { accept: 'application/json', ...request.headers };
    const answer = await this.request({ ...request, headers });
    return { ...answer, data: parseJson(answer, schema, new URL(request.url).host) };
  }

  async stream(request: UpstreamRequest): Promise<UpstreamStream> {
    const { outgoing, target } = this.#prepare(request);
    const call = this.#begin(request);
    try {
      const { value } = await this.#send(call, outgoing, target, async (open) => open);
      return this.#openStream(call, value);
    } catch (error) {
      this.#end(call);
      throw error;
    }
  }

  health(): UpstreamHealth[] {
    return this.#guard.rules.map((rule) => ({ host: rule.host, why: rule.why, origins: this.#origins.health(rule) }));
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { deadline } of this.#calls) deadline.abort(closedError());
    await this.#origins.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #prepare(request: UpstreamRequest): { outgoing: Outgoing; target: Target } {
    if (this.#closed) throw closedError();
    const target = this.#guard.check(request.url);
    return { target, outgoing: buildOutgoing(request, target.url, this.#options.userAgent) };
  }

  #begin(request: UpstreamRequest): Call {
    const { timeoutMs = this.#limits.timeoutMs, maxBytes = this.#limits.maxBytes, maxRedirects = this.#limits.maxRedirects } = request;
    const limits = { ...this.#limits, timeoutMs, maxBytes, maxRedirects };
    const call: Call = {
      request,
      limits,
      deadline: new Deadline(timeoutMs, request.signal, this.#clock),
      attempts: 0,
      effect: 'not_sent',
    };
    this.#calls.add(call);
    return call;
  }

  #end(call: Call): void {
    call.deadline[Symbol.dispose]();
    this.#calls.delete(call);
  }

  async #requestWithStore(call: Call, outgoing: Outgoing, target: Target): Promise<UpstreamAnswer> {
    const known = isConditional(outgoing) ? undefined : await this.#findKnown(outgoing);
    if (known?.fresh) return known.fresh;
    const asked = known ? { ...outgoing, headers: { ...outgoing.headers, ...known.headers } } : outgoing;
    const { value: answer, redirected } = await this.#send(call, asked, target, toAnswer);
    if (answer.status === 304 && known && !redirected) {
      const same = await known.revalidate(answer.headers).catch(this.#storeFailed);
      return same ?? (await this.#send(call, outgoing, target, toAnswer)).value;
    }
    if (answer.status === 304 && !isConditional(outgoing)) throw unaskedNotModified(outgoing);
    if (outgoing.method === 'GET' && !redirected && !isConditional(outgoing))
      await this.#revalidator?.keep(outgoing, answer).catch(this.#storeFailed);
    return answer;
  }

  async #findKnown(outgoing: Outgoing): Promise<KnownAnswer | undefined> {
    if (outgoing.method !== 'GET') return undefined;
    return this.#revalidator?.find(outgoing).catch(this.#storeFailed);
  }

  /** The store only saves time: a request does not fail with it. */
  readonly #storeFailed = (error: unknown): undefined => {
    this.#options.log?.warn('the store of upstream answers failed', { cause: error });
    return undefined;
  };

  /** Sends a request, follows its redirects, and uses the answer. What `use` throws may lead to another attempt. */
  async #send<T>(
    call: Call,
    first: Outgoing,
    firstTarget: Target,
    use: (open: OpenAnswer) => Promise<T>,
  ): Promise<{ value: T; redirected: boolean }> {
    const visited = new Set([first.url.href]);
    let hop = { outgoing: first, target: firstTarget };
    for (;;) {
      const result = await this.#sendWithRetries(call, hop.outgoing, hop.target, use);
      if ('value' in result) return { value: result.value, redirected: visited.size > 1 };
      hop = followRedirect(hop.outgoing, result.redirect, { visited, max: call.limits.maxRedirects }, this.#guard, this.#secrets);
    }
  }

  async #sendWithRetries<T>(
    call: Call,
    outgoing: Outgoing,
    target: Target,
    use: (open: OpenAnswer) => Promise<T>,
  ): Promise<{ value: T } | { redirect: OpenAnswer['incoming'] }> {
    const repeatable = isSafeMethod(outgoing.method) || call.request.idempotent === true;
    for (let first = true; ; first = false) {
      // Looked up each time: between two attempts an idle origin may have been forgotten.
      const origin = this.#origins.get(target);
      if (first) origin.countRequest();
      call.attempts += 1;
      try {
        const open = await attempt(origin, outgoing, this.#attemptContext(call, outgoing, target));
        if (!isRedirect(open.incoming.status)) return { value: await use(open) };
        await readAll(open);
        return { redirect: open.incoming };
      } catch (thrown) {
        if (!(thrown instanceof UpstreamError)) throw thrown;
        const error = remember(call, thrown);
        const { attempts, deadline } = call;
        const question = { error, attempts, repeatable, leftMs: deadline.leftMs, random: this.#random };
        const waitMs = retryDelayMs(question, this.#retry);
        if (waitMs === undefined || !origin.takeRetry()) throw error;
        await this.#clock.sleep(waitMs, deadline.signal).catch((reason) => {
          throw reason instanceof UpstreamError ? withEffect(reason, call.effect) : reason;
        });
      }
    }
  }

  #attemptContext({ request, limits, deadline, attempts }: Call, outgoing: Outgoing, { rule }: Target): AttemptContext {
    return {
      request,
      limits,
      deadline,
      telemetry: this.#options.telemetry,
      log: this.#options.log,
      wallMs: () => this.#clock.wall(),
      maxRetryAfterMs: this.#retry.maxRetryAfterMs,
      shown: redactUrl(outgoing.url, this.#secrets, rule.secretPath),
      number: attempts,
    };
  }

  #openStream(call: Call, { incoming, pieces, settle }: OpenAnswer): UpstreamStream {
    // However the body ends: read, cancelled, broken, or never touched and ended by the deadline.
    finished(incoming.body, (error) => {
      settle(error ? (call.deadline.signal.reason ?? cancelledStream) : undefined);
      this.#end(call);
    });
    return {
      status: incoming.status,
      headers: incoming.headers,
      body: pieces,
      cancel: () => incoming.body.destroy(),
    };
  }
}

const cancelledStream = new UpstreamError({
  kind: 'cancelled',
  message: 'The answer was not read to its end.',
  remedy: 'Send the request again if it is still wanted.',
  effect: 'answered',
});

/** An attempt that was never sent says nothing of the ones before it. */
function remember(call: Call, error: UpstreamError): UpstreamError {
  if (error.effect !== 'not_sent') call.effect = error.effect;
  return withEffect(error, call.effect);
}

function isConditional({ headers }: Outgoing): boolean {
  return headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
}

function unaskedNotModified({ url }: Outgoing): UpstreamError {
  return new UpstreamError({
    kind: 'upstream_rejected',
    message: `${url.host} answered 304 to a request without a condition.`,
    remedy: 'Try again later.',
    status: 304,
  });
}

function closedError(): UpstreamError {
  return new UpstreamError({
    kind: 'upstream_unavailable',
    message: 'This server is shutting down.',
    remedy: 'Try again in a moment.',
    retryable: false,
  });
}

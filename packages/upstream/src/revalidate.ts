import { createHash } from 'node:crypto';
import CachePolicy from 'http-cache-semantics';
import * as z from 'zod';
import { makeAnswer, type UpstreamAnswer } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Outgoing } from './exchange.ts';
import type { SecretNames } from './redact.ts';
import type { ResponseStore } from './response-store.ts';

const MAX_ENTRY_BYTES = 1024 * 1024;
/** How long a stale answer is kept for revalidation. */
const KEEP_STALE_MS = 24 * 3600 * 1000;

const entrySchema = z.object({
  // What CachePolicy wrote and reads; it throws on what it does not know.
  policy: z.looseObject({ v: z.number() }),
  status: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.base64(),
});

/** An answer that is known, and what to do with it. */
export interface KnownAnswer {
  /** Set when it may be used without asking. */
  fresh: UpstreamAnswer | undefined;
  /** To send along, so that the upstream may answer 304. */
  headers: Readonly<Record<string, string>>;
  /** The known answer, after a 304; undefined when the 304 is about another version. */
  revalidate(headers: UpstreamAnswer['headers']): Promise<UpstreamAnswer | undefined>;
}

/**
 * Answers kept as RFC 9111 says for a private cache. The rules are http-cache-semantics; undici's cache interceptor has stores of
 * its own form, and keeps one answer for callers with different credentials.
 */
export class Revalidator {
  readonly #store: ResponseStore;
  readonly #secrets: SecretNames;
  readonly #clock: Clock;
  readonly #Policy: typeof CachePolicy;

  constructor(store: ResponseStore, secrets: SecretNames, clock: Clock) {
    this.#store = store;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#Policy = class extends CachePolicy {
      // Not in the type of the library, but in its documentation.
      now(): number {
        return clock.wall();
      }
    };
  }

  async find(outgoing: Outgoing): Promise<KnownAnswer | undefined> {
    const key = this.#key(outgoing);
    const entry = entrySchema.safeParse((await this.#store.get(key))?.value).data;
    if (!entry) return undefined;
    const request = this.#describe(outgoing);
    const policy = this.#restore(entry.policy);
    if (!policy) return undefined;
    const answer = (source: UpstreamAnswer['source'], headers: UpstreamAnswer['headers'] = entry.headers): UpstreamAnswer =>
      makeAnswer({ status: entry.status, headers, body: Buffer.from(entry.body, 'base64'), source });
    return {
      fresh: policy.satisfiesWithoutRevalidation(request)
        ? answer('store', policy.responseHeaders() as UpstreamAnswer['headers'])
        : undefined,
      headers: conditions(policy.revalidationHeaders(request)),
      revalidate: async (headers) => {
        if (isOtherVersion(entry.headers, headers)) return undefined;
        const merged = mergeHeaders(entry.headers, headers);
        const renewed = this.#policy(outgoing, entry.status, merged);
        await this.#write(key, renewed, { ...entry, policy: renewed.toObject(), headers: merged });
        return answer('revalidated', renewed.responseHeaders() as UpstreamAnswer['headers']);
      },
    };
  }

  /** Keeps an answer, if its headers allow it and if it could be of use later. */
  async keep(outgoing: Outgoing, answer: UpstreamAnswer): Promise<void> {
    const { status, body } = answer;
    if (status !== 200 || body.length > MAX_ENTRY_BYTES) return;
    const { 'set-cookie': _, ...headers } = answer.headers;
    const policy = this.#policy(outgoing, status, headers);
    const useful = policy.timeToLive() > 0 || headers.etag !== undefined || headers['last-modified'] !== undefined;
    if (!useful || !policy.storable()) return;
    const value = { policy: policy.toObject(), status, headers, body: Buffer.from(body).toString('base64') };
    await this.#write(this.#key(outgoing), policy, value);
  }

  #policy(outgoing: Outgoing, status: number, headers: UpstreamAnswer['headers']): CachePolicy {
    const response = { status, headers: headers as CachePolicy.Headers };
    return new this.#Policy(this.#describe(outgoing), response, { shared: false, cacheHeuristic: 0 });
  }

  async #write(key: string, policy: CachePolicy, value: unknown): Promise<void> {
    const now = this.#clock.wall();
    await this.#store.set(key, { value, storedAt: now, expiresAt: now + policy.timeToLive() + KEEP_STALE_MS });
  }

  #restore(policy: z.output<typeof entrySchema>['policy']): CachePolicy | undefined {
    try {
      return this.#Policy.fromObject(policy as unknown as CachePolicy.CachePolicyObject);
    } catch {
      return undefined;
    }
  }

  /**
   * Of the URL and all headers: neither is legible in it, two callers with different credentials never share one, and an upstream
   * that forgets `Vary` does no harm.
   */
  #key({ url, headers }: Outgoing): string {
    const identity = JSON.stringify([url.href, Object.entries(headers).sort()]);
    return `upstream:1:${createHash('sha256').update(identity).digest('base64url')}`;
  }

  /** What is stored of the request, for `Vary`. Credentials are in the key instead. */
  #describe({ url, method, headers }: Outgoing): CachePolicy.HttpRequest {
    const shown = Object.entries(headers).filter(([name]) => !this.#secrets.isSecret(name));
    return { method, url: '/', headers: { ...Object.fromEntries(shown), host: url.host } };
  }
}

/** Fields of a 304 that describe the body, of which it has none. */
const OF_THE_BODY: ReadonlySet<string> = new Set(['content-length', 'content-encoding', 'content-type', 'content-range', 'set-cookie']);

/** RFC 9111, 4.3.4. Some upstreams send a 304 without a validator: it is about what was asked for. */
function isOtherVersion(stored: UpstreamAnswer['headers'], answered: UpstreamAnswer['headers']): boolean {
  const strong = (etag: string | undefined): string | undefined => etag?.replace(/^W\//, '');
  return answered.etag !== undefined && strong(answered.etag) !== strong(stored.etag);
}

function mergeHeaders(stored: UpstreamAnswer['headers'], answered: UpstreamAnswer['headers']): UpstreamAnswer['headers'] {
  return { ...stored, ...Object.fromEntries(Object.entries(answered).filter(([name]) => !OF_THE_BODY.has(name))) };
}

function conditions(headers: CachePolicy.Headers): Record<string, string> {
  const picked = (['if-none-match', 'if-modified-since'] as const).flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(picked);
}

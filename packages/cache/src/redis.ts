import { randomUUID } from 'node:crypto';
import { waitFor } from '@fairway-mcp/async';
import * as z from 'zod';
import type { CacheLock, CachePort, Stored } from './port.ts';

export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  url: string;
  /** Precedes every key: the server's name, so that several servers can share one Redis. */
  prefix: string;
  /** Called when the connection breaks, and again for each failed attempt to reconnect. */
  onFault?: (error: unknown) => void;
  /** How long the lock of a process that died while loading blocks the others, in milliseconds. */
  lockTtlMs?: number;
}

/** A slower cache does not help: the caller continues without it. */
const COMMAND_TIMEOUT_MS = 1000;
const CONNECT_TIMEOUT_MS = 2000;
const MAX_RECONNECT_DELAY_MS = 2000;
/** After a command that was not answered, commands fail at once for this long: not every call has to find out again. */
const PAUSE_MS = 5000;
const LOCK_TTL_MS = 15_000;
/**
 * Takes the lock if nobody holds it, and also if it does not expire within the time that a lock lasts: no holder of this program made
 * that one, and nobody would ever release it.
 */
const ACQUIRE = `
  local left = redis.call('pttl', KEYS[1])
  if left >= 0 and left <= tonumber(ARGV[2]) then return 0 end
  redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return 1`;
const RELEASE_OWN = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
const EXTEND_OWN = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";

/**
 * Keeps values in Redis or Valkey, shared by several processes. While the connection is down every operation fails at once;
 * the client reconnects by itself.
 */
export async function openRedisCache({ url, prefix, onFault = () => {}, lockTtlMs = LOCK_TTL_MS }: RedisOptions): Promise<CachePort> {
  return new RedisCache(await connect(url, onFault), { prefix, lockTtlMs, onFault });
}

async function connect(url: string, onFault: (error: unknown) => void) {
  // Loaded on demand, so that servers with a memory cache never pay for it.
  const { createClient } = await import('./redis-client.ts');
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (attempt) => Math.min(50 * 2 ** attempt, MAX_RECONNECT_DELAY_MS),
    },
  });
  client.on('error', onFault);
  await withTimeout(client.connect(), CONNECT_TIMEOUT_MS).catch(onFault);
  return client;
}

type Client = Awaited<ReturnType<typeof connect>>;

/** Redis' answer to PTTL for a key that does not expire. */
const NO_EXPIRY = -1;

const storedSchema = z.object({ value: z.unknown(), storedAt: z.number() });

class RedisCache implements CachePort {
  readonly kind = 'redis';
  readonly isShared = true;
  readonly #client: Client;
  readonly #options: Required<Omit<RedisOptions, 'url'>>;
  /** By the monotonic clock. */
  #pausedUntil = 0;

  constructor(client: Client, options: Required<Omit<RedisOptions, 'url'>>) {
    this.#client = client;
    this.#options = options;
  }

  /** Redis itself removes what has expired. A value without an expiry was not stored by this program. */
  async get(key: string): Promise<Stored | undefined> {
    const name = this.#prefixed(key);
    const [text, left] = await this.#send(() => Promise.all([this.#client.get(name), this.#client.pTTL(name)]));
    return text === null || left === NO_EXPIRY ? undefined : storedSchema.parse(JSON.parse(text));
  }

  async set(key: string, stored: Stored, ttlMs: number): Promise<void> {
    const expiration = { type: 'PX', value: Math.max(1, Math.ceil(ttlMs)) } as const;
    await this.#send(() => this.#client.set(this.#prefixed(key), JSON.stringify(stored), { expiration }));
  }

  async deletePrefix(start: string): Promise<void> {
    const wanted = { MATCH: `${escapeGlob(this.#prefixed(start))}*`, COUNT: 500 };
    let next = '0';
    do {
      const { cursor, keys } = await this.#send(() => this.#client.scan(next, wanted));
      if (keys.length > 0) await this.#send(() => this.#client.unlink(keys));
      next = cursor;
    } while (next !== '0');
  }

  /** One Redis key that expires; a lock library would add a second client and promises over several Redis servers. */
  async acquireLock(key: string): Promise<CacheLock | undefined> {
    const { lockTtlMs, onFault } = this.#options;
    const [lock, token] = [this.#prefixed(`loading:${key}`), randomUUID()];
    const acquired = await this.#send(() => this.#client.eval(ACQUIRE, { keys: [lock], arguments: [token, String(lockTtlMs)] }));
    if (acquired !== 1) return undefined;
    const extending = setInterval(() => {
      this.#send(() => this.#client.eval(EXTEND_OWN, { keys: [lock], arguments: [token, String(lockTtlMs)] })).catch(onFault);
    }, lockTtlMs / 3);
    extending.unref();
    return {
      release: async () => {
        clearInterval(extending);
        await this.#send(() => this.#client.eval(RELEASE_OWN, { keys: [lock], arguments: [token] }));
      },
    };
  }

  /** Also asked during a pause, which an answer ends. */
  async ping(): Promise<void> {
    await withTimeout(this.#client.ping());
    this.#pausedUntil = 0;
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #send<T>(command: () => Promise<T>): Promise<T> {
    if (performance.now() < this.#pausedUntil) throw new Error('Redis did not answer a moment ago.');
    try {
      return await withTimeout(command());
    } catch (error) {
      if (error instanceof SilenceError) this.#pausedUntil = performance.now() + PAUSE_MS;
      throw error;
    }
  }

  #prefixed(key: string): string {
    return `${this.#options.prefix}:${key}`;
  }
}

class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** The client's own command timeout does not cover a command that was sent and is never answered. */
function withTimeout<T>(work: Promise<T>, timeoutMs = COMMAND_TIMEOUT_MS): Promise<T> {
  return waitFor(work, { timeoutMs, timeoutError: () => new SilenceError('Redis did not answer in time.') });
}

/** Escapes the special characters of a Redis pattern. */
function escapeGlob(text: string): string {
  return text.replaceAll(/[[\]*?\\^-]/g, '\\$&');
}

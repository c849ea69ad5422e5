import { randomUUID } from 'node:crypto';
import type { CachePort, Stored } from './port.ts';

export interface RedisOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  url: string;
  /** Stands before every key: the server's name, so that several can share one Redis. */
  prefix: string;
  /** Told when the connection breaks and for as long as it cannot be made again. */
  onFault?: (error: unknown) => void;
  /** A process that died in the middle of loading blocks the others no longer than this, in milliseconds. */
  lockTtlMs?: number;
}

/** A cache that takes longer than this is no help: the caller goes on without it. */
const PATIENCE_MS = 1000;
const CONNECT_PATIENCE_MS = 2000;
const SLOWEST_RECONNECT_MS = 2000;
const LOCK_TTL_MS = 15_000;
const RELEASE_OWN = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
const EXTEND_OWN = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end";

/**
 * Keeps values in Redis or Valkey, for several processes at once. While the connection is down every operation fails at once;
 * it comes back by itself.
 */
export async function openRedisCache({ url, prefix, onFault = () => {}, lockTtlMs = LOCK_TTL_MS }: RedisOptions): Promise<CachePort> {
  // Loaded here, so that those who cache in memory never pay for it.
  const { createClient } = await import('./redis-client.ts');
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: CONNECT_PATIENCE_MS, reconnectStrategy: (attempt) => Math.min(50 * 2 ** attempt, SLOWEST_RECONNECT_MS) },
  });
  client.on('error', onFault);
  await within(client.connect(), CONNECT_PATIENCE_MS).catch(onFault);
  const keyOf = (key: string) => `${prefix}:${key}`;
  const lockOf = (key: string) => `${prefix}:loading:${key}`;

  return {
    kind: 'redis',
    async get(key) {
      const text = await within(client.get(keyOf(key)));
      const stored = text === null ? undefined : (JSON.parse(text) as Stored);
      return stored !== undefined && stored.expiresAt > Date.now() ? stored : undefined;
    },
    async set(key, stored) {
      const ttl = Math.max(1, Math.ceil(stored.expiresAt - Date.now()));
      await within(client.set(keyOf(key), JSON.stringify(stored), { expiration: { type: 'PX', value: ttl } }));
    },
    async deletePrefix(start) {
      for await (const keys of client.scanIterator({ MATCH: `${escapeGlob(keyOf(start))}*`, COUNT: 500 })) {
        if (keys.length > 0) await within(client.unlink(keys));
      }
    },
    async acquireLock(key) {
      const [lock, token] = [lockOf(key), randomUUID()];
      const won = await within(client.set(lock, token, { condition: 'NX', expiration: { type: 'PX', value: lockTtlMs } }));
      if (won === null) return undefined;
      const extending = setInterval(() => {
        within(client.eval(EXTEND_OWN, { keys: [lock], arguments: [token, String(lockTtlMs)] })).catch(onFault);
      }, lockTtlMs / 3);
      extending.unref();
      return {
        async release() {
          clearInterval(extending);
          await within(client.eval(RELEASE_OWN, { keys: [lock], arguments: [token] }));
        },
      };
    },
    async ping() {
      await within(client.ping());
    },
    async close() {
      client.destroy();
    },
  };
}

async function within<T>(work: Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('Redis did not answer in time.')), patienceMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Keys are data; in a pattern, their special characters must stand for themselves. */
function escapeGlob(text: string): string {
  return text.replaceAll(/[[\]*?\\^-]/g, '\\$&');
}

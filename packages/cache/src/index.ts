export { type Cache, type Cached, type CacheOptions, createCache, type LoadOptions, type ValueKind, type ValueSchema } from './cache.ts';
export { createMemoryCache } from './memory.ts';
export type { CacheLock, CachePort, Stored } from './port.ts';
export { openRedisCache, type RedisOptions } from './redis.ts';

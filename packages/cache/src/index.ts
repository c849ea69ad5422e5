export { type Cache, type Cached, createCache, type LoadOptions } from './cache.ts';
export { createMemoryCache } from './memory.ts';
export type { CachePort, Leadership, Stored } from './port.ts';
export { openRedisCache, type RedisOptions } from './redis.ts';

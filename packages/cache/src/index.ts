export { type Cache, type Cached, createCache, type LoadOptions } from './cache.ts';
export { createMemoryCache } from './memory.ts';
export type { CachePort, Stored } from './port.ts';

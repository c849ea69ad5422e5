/** Named here because a bundler gives a CommonJS package that is loaded on demand nothing but a default export. */
export { createClient } from '@redis/client';

/** The client by name: a bundler gives a package that is no ES module, when it is loaded on demand, a default export only. */
export { createClient } from '@redis/client';

import type { Plugin } from './plugin.ts';

/**
 * Takes `node:http` from Node as it is. An `import` statement copies every export, and among these are the parts of a `fetch` that Node
 * otherwise loads when they are first used: they took a sixth of the start. What is imported later, with `import()`, is left alone.
 */
export const nodeHttp: Plugin = {
  name: 'node-http',
  setup(build) {
    build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'node' } : undefined,
    );
    build.onLoad({ filter: /^http$/, namespace: 'node' }, () => ({ contents: "module.exports = process.getBuiltinModule('node:http');" }));
  },
};

import type { Plugin } from './plugin.ts';

/**
 * Takes `node:http` from Node as it is. An `import` of it copies every export, and among these are the parts of a `fetch` that Node
 * otherwise loads when they are first used: they took a third of the start.
 */
export const nodeHttp: Plugin = {
  name: 'node-http',
  setup(build) {
    build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'require-call' ? undefined : { path: 'http', namespace: 'node' },
    );
    build.onLoad({ filter: /^http$/, namespace: 'node' }, () => ({ contents: "module.exports = process.getBuiltinModule('node:http');" }));
  },
};

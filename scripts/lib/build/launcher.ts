import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from './plugin.ts';

/**
 * Puts a small program in front of the server's own `main.ts`: it turns on Node's compile cache before the first large
 * module is read, which saves an eighth of the start. The cache lies in the user's own cache folder, because what lies
 * there is run: the system's temporary folder belongs to everybody. It is written two seconds after the start too, because
 * a host may kill the process without letting it end. See https://nodejs.org/api/module.html#module-compile-cache.
 * A Node that is older than the workspace's `engines` gets a message about it first: npx starts the program all the same, and the error in it
 * would explain nothing.
 */
export const launcher: Plugin = {
  name: 'launcher',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path: entry, resolveDir }) =>
      kind === 'entry-point' ? { path: entry, namespace: 'launcher', pluginData: { resolveDir } } : undefined,
    );
    const [major, minor] = oldestNode(build.initialOptions.absWorkingDir ?? process.cwd());
    build.onLoad({ filter: /./, namespace: 'launcher' }, ({ path: entry, pluginData }) => ({
      resolveDir: pluginData.resolveDir,
      contents: `#!/usr/bin/env node
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < ${major} || (major === ${major} && minor < ${minor})) {
  process.stderr.write('This program needs Node ${major}.${minor} or newer; this is ' + process.versions.node + '.\\n');
  process.exit(2);
}
module.enableCompileCache(process.env.NODE_COMPILE_CACHE || join(homedir(), '.cache', 'fairway', 'compiled'));
setTimeout(() => module.flushCompileCache(), 2000).unref();
await import(${JSON.stringify(path.isAbsolute(entry) ? entry : `./${entry}`)});
`,
    }));
  },
};

/** The first two numbers of a workspace's `engines.node`, which reads `>=24.11.0`. A workspace that is not published may have none. */
function oldestNode(workspace: string): [number, number] {
  const { engines } = JSON.parse(fs.readFileSync(path.join(workspace, 'package.json'), 'utf8'));
  const [, major = 0, minor = 0] = /^>=(\d+)\.(\d+)/.exec(engines?.node ?? '') ?? [];
  return [Number(major), Number(minor)];
}

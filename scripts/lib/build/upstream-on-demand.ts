import fs from 'node:fs';
import path from 'node:path';
import type { Plugin } from './plugin.ts';

const UPSTREAM = '@fairway-mcp/upstream';

/**
 * Leaves the HTTP client for upstreams (650 kB) out of the bundle of a server that does not list it in its package.json: such a
 * server declares no hosts, so that the kit never loads it.
 */
export const upstreamOnDemand: Plugin = {
  name: 'upstream-on-demand',
  setup(build) {
    const folder = build.initialOptions.absWorkingDir ?? process.cwd();
    if (isListed(path.join(folder, 'package.json'))) return;
    build.onResolve({ filter: /^@fairway-mcp\/upstream$/ }, () => ({ path: UPSTREAM, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: `export function createUpstream() { throw new Error('A server that declares hosts lists ${UPSTREAM} in its package.json.'); }`,
    }));
  },
};

function isListed(manifest: string): boolean {
  const { dependencies = {} } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  return Object.hasOwn(dependencies, UPSTREAM);
}

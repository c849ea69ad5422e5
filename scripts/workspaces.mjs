// The folders of all workspaces, by pnpm-workspace.yaml: the only place where they are listed.
// Plain JavaScript without dependencies: bootstrap.mjs needs it before anything is installed, on Node 18.
import fs from 'node:fs';
import path from 'node:path';

/**
 * @param {string} root
 * @returns {string[]} From the root, with `/`, in the order of pnpm-workspace.yaml: `packages/kit`.
 */
export function workspaceFolders(root) {
  const text = fs.readFileSync(path.join(root, 'pnpm-workspace.yaml'), 'utf8');
  const [, list = ''] = /^packages:\n((?: +- .+\n)+)/m.exec(text) ?? [];
  const patterns = [...list.matchAll(/^ +- ["']?([^"'\n]+)["']?$/gm)].map(([, pattern = '']) => pattern);
  return patterns.flatMap((pattern) => expand(root, pattern)).filter((folder) => fs.existsSync(path.join(root, folder, 'package.json')));
}

/**
 * `packages/*` means each folder in `packages`. No other pattern is used.
 * @param {string} root
 * @param {string} pattern
 */
function expand(root, pattern) {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -'/*'.length);
  const full = path.join(root, parent);
  return fs.existsSync(full)
    ? fs
        .readdirSync(full)
        .sort()
        .map((name) => `${parent}/${name}`)
    : [];
}

/**
 * `npm run new server NAME`: writes a workspace for a new server, with a first tool, its tests, and everything that the other commands
 * expect. It is a copy of `scripts/server-template`, which is tested like every other workspace. See docs/adding-a-server.md.
 */
import fs from 'node:fs';
import path from 'node:path';
import { run } from './lib/shell.ts';
import { command, say } from './lib/terminal.ts';
import { readJson, root, serverWorkspaces } from './lib/workspace.ts';

const TEMPLATE = 'scripts/server-template';
const NOT_COPIED = new Set(['node_modules', 'dist', '.cache', '.turbo']);
const NAME_FORM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const LONGEST_NAME = 40;

command(async () => {
  const [kind, name = '', ...rest] = process.argv.slice(2);
  if (kind !== 'server' || rest.length > 0) throw new Error('Say what is new: npm run new server NAME');
  refuseName(name);
  const folder = `servers/${name}`;
  copyTemplate(path.join(root, folder), name);
  fs.writeFileSync(path.join(root, '.changeset', `${name}.md`), `---\n"@fairway-mcp/${name}": minor\n---\n\nFirst release.\n`);
  await finish('pnpm', ['install', '--no-frozen-lockfile', '--prefer-offline', '--loglevel=warn']);
  await finish('biome', ['check', '--write', '--log-level=error', folder]);
  await finish(process.execPath, ['--disable-warning=ExperimentalWarning', path.join(root, 'scripts', 'generate.ts')]);
  say(nextSteps(folder, name));
  return 0;
});

function refuseName(name: string): void {
  if (!NAME_FORM.test(name) || name.length > LONGEST_NAME) {
    throw new Error(
      `"${name}" is no name for a server: use lower-case words with "-" between them, ${LONGEST_NAME} characters at most, such as tide-tables.`,
    );
  }
  const taken = serverWorkspaces().map((workspace) => workspace.name);
  if (taken.includes(name) || name === path.basename(TEMPLATE)) throw new Error(`There is a server "${name}" already.`);
  if (fs.existsSync(path.join(root, 'servers', name))) throw new Error(`The folder servers/${name} exists already. Remove it first.`);
}

/** Copies the template under the new name. Its own name stands wherever the server's belongs. */
function copyTemplate(target: string, name: string): void {
  const words = name.replaceAll('-', ' ');
  const title = words.charAt(0).toUpperCase() + words.slice(1);
  const source = path.join(root, TEMPLATE);
  fs.cpSync(source, target, { recursive: true, filter: (file) => !NOT_COPIED.has(path.basename(file)) });
  for (const entry of fs.readdirSync(target, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replaceAll('server-template', name).replaceAll('Server template', title));
  }
  const manifest = path.join(target, 'package.json');
  const { private: _private, ...published } = readJson<Record<string, unknown>>(manifest);
  fs.writeFileSync(manifest, `${JSON.stringify(published, null, 2)}\n`);
}

async function finish(program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(program, args, { output: 'capture' });
  if (code !== 0) throw new Error(`${[path.basename(program), ...args].join(' ')} failed:\n${output}`);
}

function nextSteps(folder: string, name: string): string {
  return [
    `Wrote ${folder}.`,
    '',
    'Look at it:',
    `  npm run server ${name} -- --help`,
    `  npm test ${name}`,
    '',
    'Make it yours:',
    `  ${folder}/package.json        the description, at most 100 characters`,
    `  ${folder}/src/config.ts       its settings`,
    `  ${folder}/src/services.ts     what its tools work with`,
    `  ${folder}/src/tools/          its tools, one a file (docs/adding-a-tool.md)`,
    '',
    'Then: npm run generate, npm test, npm run check.',
  ].join('\n');
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeWorkspace } from '../generate/definitions.ts';
import { examplesOf } from '../package/examples.ts';
import { packTarball } from '../package/tarball.ts';
import { visit } from '../package/visit.ts';
import { run } from '../shell.ts';
import { megabytes } from '../terminal.ts';
import { type Manifest, readJson, root, type Workspace } from '../workspace.ts';
import type { Check, Found } from './check.ts';

const MAX_BYTES = 3_000_000;
/** Of a server that draws: the renderer and the font come with it. */
const MAX_BYTES_WITH_CHARTS = 6_000_000;
const CHARTS = '@fairway-mcp/charts';
const EXPECTED = ['package.json', 'README.md', 'LICENSE', 'server.json', 'dist/main.js', 'dist/THIRD-PARTY-LICENSES.txt'];
const ALLOWED = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|server\.json|dist\/(?:chunks\/)?[^/]+\.(?:js|txt))$/;
const STRIPPED = ['dependencies', 'devDependencies', 'scripts'] as const;

/**
 * Packs a server as it is published, installs the tarball as a user would, in an empty folder, without the network and
 * without an npm cache, starts it, and uses it with the official client.
 */
export function packageCheck(workspace: Workspace): Check {
  return {
    name: `package ${workspace.name}`,
    async run() {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-package-'));
      try {
        return await checkPackage(workspace, home);
      } catch (error) {
        return { problems: [error instanceof Error ? error.message : String(error)] };
      } finally {
        fs.rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

async function checkPackage(workspace: Workspace, home: string): Promise<Found> {
  const tarball = await packTarball(workspace, home);
  await install(tarball, home);
  const installed = path.join(home, 'node_modules', workspace.manifest.name);
  const files = filesIn(installed);
  const bytes = files.reduce((sum, file) => sum + fs.statSync(path.join(installed, file)).size, 0);
  const { packages } = readJson<{ packages: Record<string, unknown> }>(path.join(home, 'node_modules', '.package-lock.json'));
  const count = Object.keys(packages).length;
  const maxBytes = Object.hasOwn(workspace.manifest.dependencies ?? {}, CHARTS) ? MAX_BYTES_WITH_CHARTS : MAX_BYTES;
  const problems = [
    ...(count === 1 ? [] : [`installs ${count} packages: ${Object.keys(packages).join(', ')}`]),
    ...(bytes <= maxBytes ? [] : [`takes ${bytes} bytes, more than ${maxBytes}`]),
    ...fileProblems(installed, files),
    ...manifestProblems(readJson<Manifest>(path.join(installed, 'package.json')), workspace),
    ...(await startProblems(home, workspace)),
  ];
  return { problems, note: `${megabytes(fs.statSync(tarball).size)} packed, ${megabytes(bytes)} unpacked, ${count} package` };
}

async function install(tarball: string, home: string): Promise<void> {
  fs.writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--cache', path.join(home, 'cache')];
  const { code, output } = await run('npm', ['install', ...flags, tarball], { cwd: home, output: 'capture' });
  if (code !== 0) throw new Error(`npm install of the tarball failed:\n${output}`);
}

/** From the folder, with `/`. */
function filesIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}

function fileProblems(installed: string, files: readonly string[]): string[] {
  const machinePaths = [root, os.homedir()].filter((place) => place !== path.parse(place).root).map((place) => place + path.sep);
  return [
    ...EXPECTED.filter((file) => !files.includes(file)).map((file) => `lacks ${file}`),
    ...files.filter((file) => !ALLOWED.test(file)).map((file) => `contains ${file}`),
    ...files
      .filter((file) => machinePaths.some((place) => fs.readFileSync(path.join(installed, file), 'utf8').includes(place)))
      .map((file) => `names a path of this machine in ${file}`),
  ];
}

function manifestProblems(manifest: Manifest, workspace: Workspace): string[] {
  return [
    ...STRIPPED.filter((field) => field in manifest).map((field) => `has "${field}" in its package.json`),
    ...(/"(?:workspace|catalog):/.test(JSON.stringify(manifest))
      ? ['names versions in its package.json that only this workspace knows']
      : []),
    // npm proves where a package was built only for the repository that its manifest names.
    ...(manifest.repository?.directory === workspace.folder
      ? []
      : [`does not say in its package.json that it comes from ${workspace.folder}`]),
  ];
}

/** Starts the installed program under its own name, and checks how it answers and how it ends. */
async function startProblems(home: string, workspace: Workspace): Promise<string[]> {
  const command = path.join(home, 'node_modules', '.bin', `fairway-${workspace.name}`);
  const { facts } = await describeWorkspace(workspace);
  const { args, examples } = await examplesOf(workspace);
  const [example] = Object.entries(examples);
  if (example === undefined) return ['has no example of a call in test/examples.ts'];
  const program = { command, args, cwd: home, env: { HOME: home, PATH: process.env.PATH ?? '' } };
  const tools = facts.tools.map(({ name }) => name);
  const problems = await visit(program, tools, { name: example[0], arguments: example[1] });
  const { code } = await run(command, args, { cwd: home, env: program.env, output: 'capture' });
  return code === 0 ? problems : [...problems, `ended with code ${code} when its client left`];
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describeRoom } from '../generate/definitions.ts';
import { run } from '../shell.ts';
import { type Room, readJson, root } from '../workspace.ts';
import type { Check } from './check.ts';
import { listToolsOver } from './stdio.ts';

const MOST_BYTES = 3_000_000;

/**
 * Packs a server as it is published, installs the tarball as a stranger would, in an empty folder, without the network and
 * without an npm cache, and starts it.
 */
export function packageCheck(room: Room): Check {
  return {
    name: `package ${room.name}`,
    async problems() {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-package-'));
      try {
        await packAndInstall(room, home);
        const installed = path.join(home, 'node_modules', room.manifest.name);
        const problems = [...contentProblems(home, installed), ...(await startProblems(home, room))];
        return problems.length === 0 ? undefined : problems.join('\n');
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      } finally {
        fs.rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

async function packAndInstall(room: Room, home: string): Promise<void> {
  const packed = await run('npm', ['pack', '--pack-destination', home, '--loglevel=error'], { cwd: room.path, output: 'capture' });
  const tarball = fs.readdirSync(home).find((file) => file.endsWith('.tgz'));
  if (packed.code !== 0 || tarball === undefined) throw new Error(`npm pack failed:\n${packed.output}`);
  fs.writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  const flags = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--cache', path.join(home, 'cache')];
  const installed = await run('npm', ['install', ...flags, `./${tarball}`], { cwd: home, output: 'capture' });
  if (installed.code !== 0) throw new Error(`npm install of the tarball failed:\n${installed.output}`);
}

function contentProblems(home: string, installed: string): string[] {
  const { packages } = readJson<{ packages: Record<string, unknown> }>(path.join(home, 'node_modules', '.package-lock.json'));
  const entries = fs.readdirSync(installed, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  const names = files.map((file) => path.relative(installed, file).replaceAll(path.sep, '/'));
  const expected = ['README.md', 'LICENSE', 'server.json', 'dist/main.js', 'dist/THIRD-PARTY-LICENSES.txt'];
  const machinePaths = [root, os.homedir()].filter((place) => place !== path.parse(place).root).map((place) => place + path.sep);
  return [
    ...(Object.keys(packages).length === 1
      ? []
      : [`installs ${Object.keys(packages).length} packages: ${Object.keys(packages).join(', ')}`]),
    ...(bytes <= MOST_BYTES ? [] : [`takes ${bytes} bytes, more than ${MOST_BYTES}`]),
    ...expected.filter((name) => !names.includes(name)).map((name) => `lacks ${name}`),
    ...names.filter((name) => /\.(?:map|ts)$/.test(name)).map((name) => `contains ${name}`),
    ...files
      .filter((file) => machinePaths.some((place) => fs.readFileSync(file, 'utf8').includes(place)))
      .map((file) => `names a path of this machine in ${path.relative(installed, file)}`),
  ];
}

/**
 * Starts the installed program under its own name, on sample data where it has any, and compares the tools that it lists with
 * those of its definition.
 */
async function startProblems(home: string, room: Room): Promise<string[]> {
  const program = path.join(home, 'node_modules', '.bin', `fairway-${room.name}`);
  const { facts } = await describeRoom(room);
  const args = facts.ownSettings.some(({ key }) => key === 'sample') ? ['--sample'] : [];
  const { tools, code, problem } = await listToolsOver(program, args, { cwd: home, env: { HOME: home, PATH: process.env.PATH } });
  if (problem !== undefined) return [problem];
  const defined = facts.tools.map(({ name }) => name);
  return [
    ...(code === 0 ? [] : [`ended with code ${code} when its client left`]),
    ...(tools.join() === defined.join() ? [] : [`lists the tools ${tools.join(', ')}; its definition has ${defined.join(', ')}`]),
  ];
}

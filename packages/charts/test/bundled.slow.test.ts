import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPng, waterfall } from '../src/index.ts';
import { WATERFALLS } from './samples.ts';

const run = promisify(execFile);
const HOME = path.resolve(import.meta.dirname, '..');
const OUTPUT = path.join(HOME, '.cache', 'program');
/** Says on stderr which modules are loaded. */
const LISTEN = `data:text/javascript,${encodeURIComponent(`
import module from 'node:module';
module.registerHooks({ load(url, context, next) { process.stderr.write('loads ' + url + '\\n'); return next(url, context); } });
`)}`;

/** A copy of the built program, outside of this repository: no package can be found from there. */
let folder: string;

beforeAll(async () => {
  const tsup = path.join(HOME, 'node_modules', '.bin', 'tsup');
  await run(tsup, ['test/program.ts', '--config', '../../tsup.shared.ts', '--out-dir', OUTPUT], { cwd: HOME });
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'charts-'));
  fs.cpSync(OUTPUT, folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
});

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function start(...args: string[]): Promise<{ stdout: Buffer; loadedBytes: number }> {
  const { stdout, stderr } = await run(process.execPath, ['--import', LISTEN, path.join(folder, 'program.js'), ...args], {
    cwd: folder,
    encoding: 'buffer',
    env: { HOME: folder },
  });
  const loaded = [...stderr.toString().matchAll(/^loads (file:.*)$/gm)].map(([, url = '']) => new URL(url));
  return { stdout, loadedBytes: loaded.reduce((sum, url) => sum + fs.statSync(url).size, 0) };
}

function typical() {
  const { typical: data } = WATERFALLS;
  if (data === undefined) throw new Error('There is no typical waterfall.');
  return waterfall(data);
}

describe('a program that was built as servers are', () => {
  it('draws the same picture as the packages do, without them', async () => {
    const { svg } = await typical();
    expect((await start('svg')).stdout.toString()).toBe(svg);
    expect((await start('png')).stdout.equals(await renderPng(svg))).toBe(true);
  });

  it('loads nothing of it before it draws, and the renderer only for a PNG', async () => {
    const [idle, svg, png] = [await start(), await start('svg'), await start('png')];
    expect(idle.loadedBytes).toBeLessThan(30_000);
    expect(svg.loadedBytes).toBeLessThan(150_000);
    expect(png.loadedBytes).toBeGreaterThan(1_000_000);
  });

  it('takes less than 2 MB, so that a server with charts stays below 6 MB', () => {
    const files = fs.readdirSync(OUTPUT, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const bytes = files.reduce((sum, file) => sum + fs.statSync(path.join(file.parentPath, file.name)).size, 0);
    expect(bytes).toBeLessThan(2_000_000);
    expect(files.map(({ name }) => path.extname(name)).filter((kind) => kind !== '.js' && kind !== '.txt')).toEqual([]);
  });

  it('brings the licences of the renderer and of the font, and says where the source of the renderer is', () => {
    const text = fs.readFileSync(path.join(OUTPUT, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(text).toMatch(/@resvg\/resvg-wasm 2[\s\S]*https:\/\/github\.com\/thx\/resvg-js[\s\S]*Mozilla Public License/);
    expect(text).toMatch(/@fontsource\/inter 5[\s\S]*SIL OPEN FONT LICENSE/i);
    expect(text).toMatch(/d3-scale 4/);
  });
});

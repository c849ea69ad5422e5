import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '..', '..', '..');

const NOT_COPIED = new Set(['.git', '.cache', '.turbo', 'node_modules', 'dist', 'coverage']);

const MAX_OUTPUT = 64 * 1024 * 1024;

/** A server, or the notes for its next release. */
function isOfServers(file: string): boolean {
  const folder = path.dirname(file);
  return folder === 'servers' || (folder === '.changeset' && file.endsWith('.md'));
}

/** Tests of what is here already: what looks at the copy would only look at them once more. */
function isTest(file: string): boolean {
  const [workspace = '', ...rest] = file.split(path.sep);
  if (workspace === 'packages') return rest[1] === 'test' || file.endsWith('.test.ts');
  return workspace === 'tests' && (rest[0] === 'test' || rest[0] === 'robustness');
}

export interface Ran {
  code: number | null;
  output: string;
}

/**
 * Gives another checkout what this one has fetched: the toolchain, and the store that the dependencies come from, also when the other one
 * is on another disk. It then asks the network for nothing.
 */
export function lendTools(checkout: string): void {
  const tools = path.join(checkout, '.cache', 'toolchain');
  fs.mkdirSync(tools, { recursive: true });
  // The wrappers beside it name their own place.
  fs.symlinkSync(path.join(repository, '.cache/toolchain/node_modules'), path.join(tools, 'node_modules'), 'junction');
  const store = spawnSync('pnpm', ['store', 'path'], { cwd: repository, encoding: 'utf8' }).stdout.trim();
  fs.appendFileSync(path.join(checkout, 'pnpm-workspace.yaml'), `\nstoreDir: ${JSON.stringify(path.dirname(store))}\noffline: true\n`);
}

/** A working copy of this repository in a temporary folder, without its servers and its tests, and with everything installed, to do harm in. */
export class Copy {
  readonly root: string;

  constructor() {
    this.root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'fairway-copy-'));
    fs.cpSync(repository, this.root, {
      recursive: true,
      filter: (file) =>
        !NOT_COPIED.has(path.basename(file)) && ![isOfServers, isTest].some((isLeftOut) => isLeftOut(path.relative(repository, file))),
    });
    this.write('README.md', '# Copy\n\n<!-- generated:servers -->\n<!-- /generated -->\n');
    try {
      lendTools(this.root);
      this.#install();
    } catch (error) {
      this.remove();
      throw error;
    }
  }

  file(name: string): string {
    return path.join(this.root, name);
  }

  read(name: string): string {
    return fs.readFileSync(this.file(name), 'utf8');
  }

  write(name: string, text: string): void {
    fs.mkdirSync(path.dirname(this.file(name)), { recursive: true });
    fs.writeFileSync(this.file(name), text);
  }

  edit(name: string, change: (text: string) => string): void {
    this.write(name, change(this.read(name)));
  }

  removeFile(name: string): void {
    fs.rmSync(this.file(name));
  }

  /** Runs a program of the copy's toolchain in the copy. */
  run(program: string, args: readonly string[], cwd = '.', environment: NodeJS.ProcessEnv = {}, input = ''): Ran {
    const env = {
      ...process.env,
      NODE_COMPILE_CACHE: this.file('.cache/compiled'),
      ...environment,
      NO_COLOR: '1',
      PATH: [this.file('node_modules/.bin'), process.env.PATH].join(path.delimiter),
    };
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.file(cwd),
      env,
      input,
      encoding: 'utf8',
      maxBuffer: MAX_OUTPUT,
    });
    return { code: status, output: stdout + stderr };
  }

  /** Runs lines of a guide as a person would type them. */
  shell(lines: string): Ran {
    return this.run('sh', ['-ec', lines]);
  }

  /** Runs one of the copy's scripts. */
  script(name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ran {
    const program = ['--disable-warning=ExperimentalWarning', this.file(`scripts/${name}.ts`)];
    return this.run(process.execPath, [...program, ...args], '.', environment);
  }

  /** Gives a workspace something to import. Its version is the workspace's, or that of the catalog. */
  addDependency(workspace: string, name: string, version: 'workspace:*' | 'catalog:'): void {
    this.edit(`${workspace}/package.json`, (text) => {
      const manifest = JSON.parse(text);
      manifest.dependencies[name] = version;
      return `${JSON.stringify(manifest, null, 2)}\n`;
    });
    this.#install();
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  #install(): void {
    const { code, output } = this.run('pnpm', ['install', '--no-frozen-lockfile', '--loglevel=warn']);
    if (code !== 0) throw new Error(`The copy could not be installed: ${output}`);
  }
}

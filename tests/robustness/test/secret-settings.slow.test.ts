import fs from 'node:fs';
import path from 'node:path';
import { openPostgres } from '@fairway-mcp/store';
import { type Launch, runCommand, send, sendModern, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { awsFor } from './support/aws.ts';
import { canary, filesIn, placesIn } from './support/canary.ts';
import { call, tagCompliance, withFlags } from './support/programs.ts';
import { ownSchema, redisUrl, whyNoServices } from './support/services.ts';

const problem = await whyNoServices();

/** A secret setting, as `--print-config` names it. */
interface Secret {
  key: string;
  flag: string;
  env: string;
}

/** All secret settings of the server, as `--print-config` and `--help` show them. */
async function secretSettings(): Promise<Secret[]> {
  const shown = (await runCommand(withFlags(tagCompliance, '--print-config'))).stdout;
  const help = (await runCommand({ main: tagCompliance.main, args: ['--help'] })).stdout.replaceAll(/\s+/g, ' ');
  return [...shown.matchAll(/^(\w+) = .*; (--[\w-]+), (\w+)$/gm)]
    .map(([, key = '', flag = '', env = '']) => ({ key, flag, env }))
    .filter(({ env }) => help.includes(`[${env} or ${env}_FILE]`));
}

/** A valid value that contains a secret. */
function valueFor({ key }: Secret, databaseUrl: string): string {
  const secret = canary(key);
  // Services without authentication accept any password.
  const [database, redis] = [new URL(databaseUrl), new URL(redisUrl)];
  for (const url of [database, redis]) url.password ||= secret;
  const special: Record<string, string> = {
    databaseUrl: database.href,
    redisUrl: redis.href,
    otelHeaders: `x-collector-key=${secret}`,
    stateKey: secret.padEnd(32, 'x'),
  };
  return special[key] ?? secret;
}

type Values = readonly (Secret & { value: string })[];

/** The sources of a server's settings. */
const SOURCES: Record<string, (values: Values) => Pick<Launch, 'args' | 'environment'>> = {
  'by environment variables': (values) => ({ environment: Object.fromEntries(values.map(({ env, value }) => [env, value])) }),
  'by files that environment variables name': (values) => ({
    environment: Object.fromEntries(values.map(({ env, value }) => [`${env}_FILE`, writeFile(`${value}\n`)])),
  }),
  'by a configuration file': (values) => ({
    args: ['--config', writeFile(JSON.stringify(Object.fromEntries(values.map(({ key, value }) => [key, value]))))],
  }),
  'by flags': (values) => ({ args: values.flatMap(({ flag, value }) => [flag, value]) }),
};

function writeFile(text: string): string {
  const file = path.join(temporaryFolder(), 'value');
  fs.writeFileSync(file, text);
  return file;
}

function combine(launch: Launch, { args = [], environment = {} }: Pick<Launch, 'args' | 'environment'>): Launch {
  return { ...withFlags(launch, ...args), environment: { ...launch.environment, ...environment } };
}

describe.skipIf(problem !== undefined)(problem === undefined ? 'a secret setting' : `(skipped: ${problem})`, () => {
  it('is every setting that can hold a password, token or key', async () => {
    expect((await secretSettings()).map(({ key }) => key).sort()).toEqual(
      expect.arrayContaining(['bearerToken', 'databaseUrl', 'externalId', 'otelHeaders', 'redisUrl', 'stateKey']),
    );
  });

  it.each(Object.entries(SOURCES))('given %s is shown by no command and written nowhere', async (_source, give) => {
    const receiver = await startOtlpReceiver();
    const database = await ownSchema();
    const values = (await secretSettings()).map((secret) => ({ ...secret, value: valueFor(secret, database) }));
    const { launch: plain } = await awsFor({ size: 60 });
    const role = ['--role-arn', 'arn:aws:iam::{account}:role/Audit'];
    const noisy = withFlags(plain, '--log-level', 'debug', '--regions', 'eu-central-1', ...role);
    const environment = { ...plain.environment, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const launch = combine({ ...noisy, environment }, give(values));
    const stateDir = temporaryFolder();

    for (const command of [['--print-config'], ['doctor'], ['keys', 'list'], ['audit', 'verify'], ['--help']]) {
      const { code, stdout, stderr } = await runCommand({ ...launch, stateDir, args: [...command, ...(launch.args ?? [])] });
      expect([command, placesIn(stdout + stderr)]).toEqual([command, []]);
      expect([command, code, stdout]).toEqual([command, 0, expect.stringMatching(/\S/)]);
      if (command[0] === '--print-config') expect(stdout.match(/\(set, hidden\)/g)).toHaveLength(values.length);
    }

    const server = await startHttp({ ...launch, stateDir });
    const headers = { Authorization: `Bearer ${canary('bearerToken')}` };
    const answers = [
      await sendModern(server.url, 'tools/call', call('check_tag_compliance', { resource_types: ['s3:bucket'] }), { headers }),
      await sendModern(server.url, 'tools/call', call('suggest_tags', {}), { headers }),
      await sendModern(server.url, 'tools/list', {}, { headers: { Authorization: `Bearer ${canary('bearerToken')}x` } }),
      await send(server.url.replace('/mcp', '/health'), { method: 'GET' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 200]);
    for (const { text, headers: responseHeaders } of answers) expect(placesIn(text + JSON.stringify(responseHeaders))).toEqual([]);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });

    expect(placesIn(server.stderr)).toEqual([]);
    expect(placesIn(receiver.bodies.join('\n'))).toEqual([]);
    expect(receiver.headers[0]?.['x-collector-key']).toBe(canary('otelHeaders'));
    expect(placesIn(JSON.stringify(filesIn(stateDir)))).toEqual([]);
    const store = await openPostgres({ url: database });
    const rows = await store.all<{ body: string }>('SELECT body FROM audit_rows');
    await store.close();
    expect(rows).toHaveLength(2);
    expect(placesIn(JSON.stringify(rows))).toEqual([]);
  });

  it.each([
    ['databaseUrl', canary('wrong')],
    ['databaseUrl', `postgres://me:${canary('wrong')}@127.0.0.1:1/x`],
    ['redisUrl', canary('wrong')],
    ['redisUrl', `redis://me:${canary('wrong')}@127.0.0.1:notaport`],
    ['stateKey', canary('s').slice(0, 17)],
    ['bearerToken', ['not', canary('wrong')]],
    ['otelHeaders', `x-key=%${canary('wrong')}`],
  ])('that is invalid (%s) is not shown in the error message', async (key, value) => {
    const file = writeFile(JSON.stringify({ [key]: value }));
    const { code, stdout, stderr } = await runCommand(withFlags(tagCompliance, '--otel-endpoint', 'http://127.0.0.1:1', '--config', file));
    expect([code, stdout, placesIn(stderr)]).toEqual([2, '', []]);
    expect(stderr).toMatch(key === 'databaseUrl' ? /databaseUrl|DATABASE_URL/ : new RegExp(key));
  });

  it('in a configuration file that cannot be parsed is not shown in the error message', async () => {
    for (const text of [
      `{"bearerToken": ${canary('broken')}}`,
      `{"bearerToken": "${canary('broken')}",}`,
      canary('broken'),
      `"${canary('broken')}"`,
    ]) {
      const { code, stdout, stderr } = await runCommand(withFlags(tagCompliance, '--config', writeFile(text)));
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringMatching(/The configuration file \S+ (is not valid JSON|must hold)/)]);
      expect(stderr).not.toContain(canary('').slice(0, 8));
    }
  });
});

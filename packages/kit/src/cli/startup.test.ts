import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { settingsOf } from '../config/settings.ts';
import { dropUnfilled } from '../config/unfilled.ts';
import { defineServer } from '../define/server.ts';
import { defineTool } from '../define/tool.ts';
import { UsageError } from '../protocol/errors.ts';
import { describeSettings, readCommandLine, readSettings } from './startup.ts';

const noop = defineTool({
  name: 'noop',
  title: 'Nothing',
  description: 'Does nothing.',
  access: 'read',
  input: z.object({}),
  output: z.object({}),
  run: () => ({}),
  text: () => '',
});

const server = defineServer({
  name: 'sample',
  title: 'Sample',
  description: 'For tests.',
  version: '1.0.0',
  config: z.object({
    city: z.string().default('Bonn').meta({ description: 'Where.', placeholder: 'NAME' }),
    maxDays: z.int().min(1).max(16).default(3).meta({ description: 'How many days.' }),
    units: z.enum(['metric', 'imperial']).default('metric').meta({ description: 'Which units.' }),
    regions: z.array(z.string()).optional().meta({ description: 'Which regions.' }),
    apiToken: z.string().min(4).optional().meta({ description: 'The secret.', secret: true }),
    broker: z.string().optional().meta({ description: 'Standard name.', env: 'BROKER_URL' }),
  }),
  services: () => ({}),
  tools: [noop],
});

function read(argv: string[] = [], environment: Record<string, string> = {}) {
  return readSettings(server, readCommandLine(server, argv), environment);
}

function fileWith(text: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-config-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'settings');
  fs.writeFileSync(file, text);
  return file;
}

describe('settings', () => {
  it('may grant scopes of other servers besides those of this one', () => {
    expect(read(['--bearer-scopes', 'other:read,sample:*']).settings.bearerScopes).toEqual(['other:read', 'sample:*']);
  });

  it('come from flag, then environment, then file, then default', () => {
    const file = fileWith('{ "city": "file", "maxDays": 4, "units": "imperial" }');
    const environment = { FAIRWAY_CITY: 'environment', FAIRWAY_MAX_DAYS: '5' };
    const { config, loaded } = read(['--city', 'flag', '--config', file], environment);
    expect(config).toEqual({ city: 'flag', maxDays: 5, units: 'imperial' });
    expect(loaded.sources).toMatchObject({ city: 'flag', maxDays: 'environment', units: 'file', regions: 'default' });
  });

  it('are read as what they are', () => {
    const { config, settings } = read(['--regions', 'a, b', '--regions=c', '--max-days=7', '--read-only'], { BROKER_URL: 'x' });
    expect(config).toMatchObject({ regions: ['a', 'b', 'c'], maxDays: 7, broker: 'x' });
    expect(settings.readOnly).toBe(true);
    expect(read([], { FAIRWAY_READ_ONLY: 'no' }).settings.readOnly).toBe(false);
  });

  it('may be secrets in files, which are then known as secrets', () => {
    const { config, secrets } = read([], { FAIRWAY_API_TOKEN_FILE: fileWith('hush-hush\n') });
    expect(config.apiToken).toBe('hush-hush');
    expect(secrets).toEqual(['hush-hush']);
  });

  it('are shown with their source, secrets masked', () => {
    const shown = describeSettings(read(['--city', 'Rome'], { FAIRWAY_API_TOKEN: 'hush-hush' }));
    expect(shown).toContain('city = Rome  # flag; --city, FAIRWAY_CITY');
    expect(shown).toContain('apiToken = (set, hidden)');
    expect(shown).not.toContain('hush');
  });

  it.each([
    ['mqtt://me:hunter2-secret@broker:1883', 'mqtt://me:[redacted]@broker:1883'],
    ['https://hunter2-secret@broker/x', 'https://[redacted]@broker/x'],
    ['https://broker/x?city=Bonn&access_token=hunter2-secret', 'https://broker/x?city=Bonn&access_token=[redacted]'],
  ])('are shown without the credentials in an address, also of a setting that is no secret: %s', (address, masked) => {
    const web: Record<string, string> = address.startsWith('https:') ? { OTEL_EXPORTER_OTLP_ENDPOINT: address } : {};
    const startup = read(['--regions', `a,${address}`], { BROKER_URL: address, ...web });
    const shown = describeSettings(startup);
    expect(shown).toContain(`broker = ${masked}  # environment`);
    if (address.startsWith('https:')) expect(shown).toContain(`otelEndpoint = ${masked}  # environment`);
    expect(shown).toContain(`regions = a,${masked}  # flag`);
    expect(startup.secrets).toContain('hunter2-secret');
  });

  it('do not make a secret of the name of a database user', () => {
    const { secrets } = read([], { FAIRWAY_DATABASE_URL: 'postgres://postgres@db/x' });
    expect(secrets).toEqual(['postgres://postgres@db/x']);
  });

  it('may contain a password that is not percent-encoded', () => {
    expect(read([], { FAIRWAY_REDIS_URL: 'redis://:100%25-or-50%@cache:6379' }).secrets).toContain('100%25-or-50%');
  });

  it('are as if they had never been named where a host hands on what nobody filled in', () => {
    const environment = {
      FAIRWAY_CITY: '',
      BROKER_URL: `\${user_config.broker}`,
      FAIRWAY_UNITS: 'imperial',
      FAIRWAY_API_TOKEN: '',
      PATH: '',
    };
    dropUnfilled(environment, settingsOf(server.definition.config), () => true);
    expect(environment).toEqual({ FAIRWAY_UNITS: 'imperial', PATH: '' });
  });

  it('are still empty when they are secrets that no form asks for', () => {
    const environment = { FAIRWAY_CITY: '', FAIRWAY_API_TOKEN: '' };
    dropUnfilled(environment, settingsOf(server.definition.config), () => false);
    expect(environment).toEqual({ FAIRWAY_API_TOKEN: '' });
  });

  it.each([
    [[], { FAIRWAY_API_TOKEN: '' }, 'FAIRWAY_API_TOKEN is set, but empty. Give it a value, or do not set it.'],
    [[], { FAIRWAY_API_TOKEN: ' \n' }, 'FAIRWAY_API_TOKEN is set, but empty.'],
    [[], { FAIRWAY_API_TOKEN_FILE: '' }, 'FAIRWAY_API_TOKEN_FILE is set, but empty.'],
    [[], { FAIRWAY_BEARER_TOKEN: '' }, 'FAIRWAY_BEARER_TOKEN is set, but empty.'],
    [[], { FAIRWAY_DATABASE_URL: '' }, 'FAIRWAY_DATABASE_URL is set, but empty.'],
    [['--bearer-token', ''], {}, '--bearer-token is set, but empty.'],
    [['--bearer-token='], {}, '--bearer-token is set, but empty.'],
  ] as [string[], Record<string, string>, string][])('that are empty secrets are rejected: %j %j', (argv, environment, message) => {
    expect(() => read(argv, environment)).toThrow(UsageError);
    expect(() => read(argv, environment)).toThrow(message);
  });

  it('are rejected when the file of a secret is empty, and when the configuration file has an empty one', () => {
    expect(() => read([], { FAIRWAY_API_TOKEN_FILE: fileWith('\n') })).toThrow(/FAIRWAY_API_TOKEN_FILE names .*, which is empty/);
    expect(() => read(['--config', fileWith('{"apiToken":""}')])).toThrow('"apiToken" in the configuration file is set, but empty.');
  });

  it.each([
    [['--ctiy', 'x'], {}, 'Unknown flag --ctiy. Did you mean "--city"?'],
    [['--read_only'], {}, 'Unknown flag --read_only. Did you mean "--read-only"?'],
    [['-x'], {}, 'Unknown flag -x. Run with --help to see the flags.'],
    [['--city'], {}, '--city needs a value: --city NAME'],
    [['--city', '--read-only'], {}, '--city needs a value: --city NAME'],
    [['--max-days', 'many'], {}, '--max-days must be a number, not "many".'],
    [['--max-days', '17'], {}, 'Wrong setting: --max-days: must be at most 16.'],
    [['--units', 'kelvin'], {}, 'Wrong setting: --units: expected one of metric, imperial.'],
    [[], { FAIRWAY_UNITS: 'kelvin' }, 'Wrong setting: FAIRWAY_UNITS: expected one of metric, imperial.'],
    [[], { FAIRWAY_CTIY: 'x' }, 'The environment has an unknown setting FAIRWAY_CTIY. Did you mean "FAIRWAY_CITY"?'],
    [[], { FAIRWAY_READ_ONLY: 'maybe' }, 'FAIRWAY_READ_ONLY must be true or false, not "maybe".'],
    [[], { FAIRWAY_API_TOKEN_FILE: '/nowhere/at/all' }, 'FAIRWAY_API_TOKEN_FILE names /nowhere/at/all, which cannot be read'],
    [['docter'], {}, 'Unknown command "docter". Did you mean "doctor"?'],
    [['keys', 'crate'], {}, 'Unknown command "keys crate". Did you mean "keys create"?'],
    [['doctor', 'now'], {}, '"doctor" does not take "now".'],
    [['keys'], {}, '"keys" needs to be told what to do: keys create, keys list, keys revoke.'],
    [['audit'], {}, '"audit" needs to be told what to do: audit show, audit verify.'],
    [['constructor'], {}, 'Unknown command "constructor".'],
    [['--scopes', 'a:read'], {}, '--scopes belongs to "keys create".'],
    [['keys', 'list', '--limit', '3'], {}, '--limit belongs to "audit show".'],
    [['--bearer-scopes', 'sample:raed'], {}, 'There is no scope "sample:raed". Did you mean "sample:read"?'],
    [['--bearer-scopes', 'sample'], {}, 'There is no scope "sample".'],
    [
      [],
      { FAIRWAY_BEARER_SCOPES: 'smaple:read' },
      'FAIRWAY_BEARER_SCOPES lets the shared token do nothing: "smaple:read" is not a scope of this server. Did you mean "sample:read"?',
    ],
    [['--config', '/nowhere/at/all'], {}, 'The configuration file /nowhere/at/all cannot be read'],
  ] as [string[], Record<string, string>, string][])('the server does not start with %j and %j: %s', (argv, environment, message) => {
    expect(() => read(argv, environment)).toThrow(UsageError);
    expect(() => read(argv, environment)).toThrow(message);
  });

  it.each([
    ['not json', 'is not valid JSON'],
    ['[]', 'must hold one JSON object'],
    ['{"ctiy":"x"}', 'unknown setting "ctiy". Did you mean "city"?'],
    ['{"maxDays":"4"}', 'Wrong setting: "maxDays" in the configuration file: expected number'],
  ])('the server does not start with the file %j: %s', (text, message) => {
    const file = fileWith(text);
    expect(() => read(['--config', file])).toThrow(message);
  });
});

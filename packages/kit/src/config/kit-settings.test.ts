import fs from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../protocol/errors.ts';
import { defaultStateDir, kitSettings } from './kit-settings.ts';
import { collectSettings, validateSettings } from './load.ts';
import { parseOtelHeaders } from './otel-headers.ts';
import { settingsOf } from './settings.ts';

const settings = settingsOf(kitSettings);

function read(key: string, text: string, environment: Record<string, string> = {}) {
  const flags = key === '' ? {} : { [key]: [text] };
  return validateSettings(kitSettings, settings, collectSettings({ settings, flags, environment, file: undefined }));
}

describe('a setting', () => {
  it.each([
    ['redisUrl', 'http://h/0', '--redis-url: is not an address that can be used here; write redis://'],
    ['redisUrl', 'redis:foo', '--redis-url'],
    ['redisUrl', 'redis://h/cache', '--redis-url'],
    ['databaseUrl', 'mysql://h/x', '--database-url: is not an address that can be used here; write postgres://'],
    ['otelEndpoint', 'ftp://h', '--otel-endpoint'],
    ['otelEndpoint', 'h:4318', '--otel-endpoint'],
    ['otelHeaders', 'nonsense', '--otel-headers: must read name=value'],
    ['otelHeaders', 'a=1,=2', '--otel-headers'],
    ['otelHeaders', 'a b=1', '--otel-headers'],
    ['otelHeaders', 'a=%zz', '--otel-headers'],
    ['otelHeaders', 'a=%0A', '--otel-headers'],
    ['allowedHosts', '*', '--allowed-hosts: is not a host name'],
    ['allowedHosts', '*.a.com', '--allowed-hosts'],
    ['allowedHosts', 'http://a.com', '--allowed-hosts'],
    ['allowedHosts', 'a.com/x', '--allowed-hosts'],
    ['allowedHosts', 'a.com:8080', '--allowed-hosts'],
    ['allowedHosts', '::1', '--allowed-hosts'],
    ['allowedOrigins', 'https://a.com', '--allowed-origins: is not a host name'],
  ])('that no server could work with is refused by its name: %s %s', (key, text, message) => {
    expect(() => read(key, text)).toThrow(UsageError);
    expect(() => read(key, text)).toThrow(message);
  });

  it.each([
    ['redisUrl', 'redis://:secret@h:6379/3'],
    ['redisUrl', 'rediss://h'],
    ['databaseUrl', 'postgresql://u:p@h/x?sslmode=require'],
    ['databaseUrl', 'postgres:///x?host=/run/postgresql'],
    ['otelEndpoint', 'https://h:4318/base'],
    ['otelHeaders', 'a=1,b=x%2Cy,'],
    ['bearerToken', 'abcdefghijklmnop._~+/='],
  ] as const)('in every form that works is kept as it is: %s %s', (key, text) => {
    expect(read(key, text)[key]).toBe(text);
  });

  it('that lists host names does not depend on their letter case', () => {
    expect(read('allowedHosts', 'MCP.Example,[::1],10.0.0.5').allowedHosts).toEqual(['mcp.example', '[::1]', '10.0.0.5']);
  });

  it.each([
    ['two words in one token', 'it contains a blank'],
    ['line-one-of-it\nline-two', 'it contains a line break'],
    [' surrounded-by-blanks ', 'it begins or ends with a blank or a line break'],
    ['schlüssel-der-lang-genug-ist', 'it contains characters beyond ASCII'],
    ['quoted-"-in-the-middle', 'it may contain only letters, digits and'],
    ['x'.repeat(4097), 'it has more than 4096 characters'],
  ])('with a token that no client can send is refused, without showing it: %j', (token, reason) => {
    const failure = (() => {
      try {
        return String(read('', '', { FAIRWAY_BEARER_TOKEN: token }));
      } catch (error) {
        return String(error);
      }
    })();
    expect(failure).toContain(`FAIRWAY_BEARER_TOKEN: no client could send it: ${reason}`);
    expect(failure).not.toContain(token.trim());
  });
});

describe('a path', () => {
  it.each(['', ' ', '\t'])('that is empty or blank is refused: %j', (text) => {
    expect(() => read('stateDir', text)).toThrow('--state-dir is set, but empty');
    expect(() => collectSettings({ settings, flags: {}, environment: {}, file: text })).toThrow('--config is set, but empty');
  });

  it('that is blank in the environment or the configuration file is refused', () => {
    expect(() => read('', '', { FAIRWAY_STATE_DIR: ' ' })).toThrow('FAIRWAY_STATE_DIR is set, but empty');
    const file = path.join(temporaryFolder(), 'settings.json');
    fs.writeFileSync(file, '{"stateDir": ""}');
    expect(() => collectSettings({ settings, flags: {}, environment: {}, file })).toThrow('"stateDir" in the configuration file');
  });

  it('of the user state folder is ignored where it is relative, as its specification says', () => {
    for (const base of [' ', 'state', '']) {
      const folder = defaultStateDir('x', { XDG_STATE_HOME: base, LOCALAPPDATA: base });
      expect([folder, path.isAbsolute(folder)]).toEqual([defaultStateDir('x', {}), true]);
    }
  });
});

it('headers for the collector are percent-decoded', () => {
  expect(parseOtelHeaders('a=1, b = x%2Cy%25 ,')).toEqual({ a: '1', b: 'x,y%' });
});

import fs from 'node:fs';
import path from 'node:path';
import { defineServer, defineTool } from '@fairway-mcp/kit';
import { describeServer } from '@fairway-mcp/kit/describe';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod';
import { composeProblems } from './support/compose.ts';
import { repository } from './support/copy.ts';
import { parse } from './support/image.ts';

const SERVER = 'tag-compliance';

function read(file: string): string {
  return fs.readFileSync(path.join(repository, file), 'utf8');
}

const DOCKERFILE = read('Dockerfile');

const { commonSettings } = describeServer(
  defineServer({
    name: 'any',
    title: 'Any',
    description: 'Any server.',
    version: '1.0.0',
    config: z.object({}),
    services: () => ({}),
    tools: [
      defineTool({
        name: 'do_nothing',
        title: 'Nothing',
        description: 'Nothing.',
        access: 'read',
        input: z.object({}),
        output: z.object({}),
        run: () => ({}),
        text: () => '',
      }),
    ],
  }),
);

/** Whether the settings of every server have this environment name, or it names the file of a secret. */
function isSetting(name: string): boolean {
  return commonSettings.some(({ env, secret }) => name === env || (secret && name === `${env}_FILE`));
}

describe('the Dockerfile', () => {
  it('passes a linter', () => {
    expect(validate(DOCKERFILE)).toEqual([]);
  });

  it('starts each stage from one exact version of a small image', () => {
    const images = parse(DOCKERFILE)
      .getFROMs()
      .map((from) => from.getImage());
    expect(new Set(images).size).toBe(1);
    expect(images[0]).toMatch(/^node:24\.\d+\.\d+-slim(?:@sha256:[0-9a-f]{64})?$/);
  });

  it('starts the program without a shell, so that it gets signals itself', () => {
    expect(
      parse(DOCKERFILE)
        .getENTRYPOINTs()
        .map((entrypoint) => entrypoint.getArgumentsContent()),
    ).toEqual([expect.stringMatching(/^\["node", /)]);
    expect(parse(DOCKERFILE).getCMDs()).toEqual([]);
  });
});

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

  it('is valid by the schema of compose files', () => {
    expect(composeProblems(compose)).toBeNull();
  });

  it.each(services)('runs %s on a read-only root file system, with a health check', (name, service) => {
    expect(service.read_only).toBe(true);
    expect(name === 'server' ? DOCKERFILE : service).toEqual(
      name === 'server' ? expect.stringContaining('HEALTHCHECK') : expect.objectContaining({ healthcheck: expect.anything() }),
    );
  });

  it('contains no secret: each comes from a file that git and images leave out', () => {
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

  it('sets only settings that every server has, and so does the Dockerfile', () => {
    const inFile = [...DOCKERFILE.matchAll(/\bFAIRWAY_[A-Z_]+(?==)/g)].map(([name]) => name);
    const names = [...inFile, ...Object.keys(server?.environment ?? {})];
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !isSetting(name))).toEqual([]);
  });

  it('starts the server after its services are healthy, and gives it time to shut down', () => {
    expect(Object.keys(server?.depends_on ?? {})).toEqual(['postgres', 'redis']);
    for (const { condition } of Object.values(server?.depends_on ?? {})) expect(condition).toBe('service_healthy');
    const drain = commonSettings.find(({ key }) => key === 'drainSeconds')?.fallback;
    expect(Number.parseInt(server?.stop_grace_period ?? '', 10)).toBeGreaterThan(Number(drain));
  });

  it('builds the Dockerfile for the server that the caller names', () => {
    expect(server?.build?.args).toEqual({ SERVER: `\${SERVER:-${SERVER}}` });
    expect(fs.existsSync(path.join(repository, 'servers', SERVER))).toBe(true);
  });
});

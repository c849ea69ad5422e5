import { describe, expect, it } from 'vitest';
import { registryOf } from './registry.ts';
import { serverJson } from './server-json.ts';
import { shelves } from './shelves.fixture.ts';

const OFFICIAL = 'io.modelcontextprotocol.registry/official';
const JANUARY = new Date('2026-01-01T00:00:00Z');
const JUNE = new Date('2026-06-01T00:00:00Z');

/** What the schema of server.json asks: https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json */
describe('server.json', () => {
  const listing = serverJson(shelves);
  const [npm] = listing.packages;
  const variables = npm?.environmentVariables as Record<string, unknown>[];

  it('has a name in reverse DNS with one slash, a short description and an exact version', () => {
    expect(listing.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
    expect(listing.description.length).toBeLessThanOrEqual(100);
    expect(listing.title.length).toBeLessThanOrEqual(100);
    expect(listing.version).toBe('1.2.3');
    expect(listing.$schema).toBe('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json');
  });

  it('names the repository and the folder in it', () => {
    expect(listing.repository).toEqual({ url: 'https://github.com/fairway-mcp/fairway', source: 'github', subfolder: 'servers/shelves' });
  });

  it("lists the hosts that are called, under the publisher's own metadata", () => {
    expect(listing._meta).toEqual({
      'io.modelcontextprotocol.registry/publisher-provided': {
        network: [
          { host: 'wood.example', why: 'prices of wood' },
          { host: 'the host of the setting address', why: 'the shelves' },
        ],
      },
    });
  });

  it('names the npm package and how it is run', () => {
    expect(npm).toMatchObject({
      registryType: 'npm',
      identifier: '@fairway-mcp/shelves',
      version: '1.2.3',
      runtimeHint: 'npx',
      transport: { type: 'stdio' },
    });
  });

  it('names the settings as environment variables, with what a client needs to ask for them', () => {
    expect(variables.slice(0, 5)).toEqual([
      { name: 'FAIRWAY_ADDRESS', description: 'Where the shelves are.', isRequired: true },
      { name: 'FAIRWAY_PASSWORD', description: 'Opens a|b.', isSecret: true },
      { name: 'FAIRWAY_WOOD', description: 'What they are made of.', choices: ['oak', 'pine'], default: 'oak' },
      { name: 'FAIRWAY_BOARDS', description: 'How many.', format: 'number', default: '5' },
      { name: 'FAIRWAY_PLAN', description: 'How they stand (a drawing).', format: 'filepath' },
    ]);
    for (const { default: fallback = '' } of variables) expect(fallback).toBeTypeOf('string');
  });

  it('leaves out the common settings that only matter over HTTP', () => {
    const names = variables.map(({ name }) => name);
    expect(names).toContain('FAIRWAY_READ_ONLY');
    expect(names).not.toContain('FAIRWAY_HTTP');
    expect(names).not.toContain('FAIRWAY_BEARER_TOKEN');
  });
});

/** What `GET /v0.1/servers` answers: https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/openapi.yaml */
describe('registry.json', () => {
  const listing = serverJson(shelves);

  it('is a list of servers with their publication, and a count', () => {
    const at = JANUARY.toISOString();
    expect(registryOf([listing], undefined, JANUARY)).toEqual({
      servers: [
        {
          server: listing,
          _meta: { [OFFICIAL]: { status: 'active', statusChangedAt: at, publishedAt: at, updatedAt: at, isLatest: true } },
        },
      ],
      metadata: { count: 1 },
    });
  });

  it('keeps the date of a version that was listed before', () => {
    const before = registryOf([listing], undefined, JANUARY);
    expect(registryOf([listing], before, JUNE)).toEqual(before);
  });

  it('gives a new version the present date', () => {
    const before = registryOf([listing], undefined, JANUARY);
    const [entry] = registryOf([{ ...listing, version: '1.3.0' }], before, JUNE).servers;
    expect(entry?._meta[OFFICIAL].publishedAt).toBe(JUNE.toISOString());
  });
});

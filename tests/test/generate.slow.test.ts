import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

const GENERATED = ['registry.json', 'README.md', 'servers/tides/server.json', 'servers/tides/README.md', 'servers/tides/LICENSE'];
const OFFICIAL = 'io.modelcontextprotocol.registry/official';
const DEFINITIONS = 'servers/tides/definitions';

let copy: Copy;
let fresh: string[];

beforeAll(() => {
  copy = openCopy();
  fresh = GENERATED.map((file) => copy.read(file));
});

beforeEach(() => {
  for (const [index, file] of GENERATED.entries()) copy.write(file, fresh[index] ?? '');
});

afterAll(() => copy?.remove());

function problemsFound(): string[] {
  const { code, output } = copy.script('generate', ['--check']);
  expect(code).toBe(output.includes('fresh') ? 0 : 1);
  return output
    .trim()
    .split('\n')
    .filter((line) => !line.includes('fresh'));
}

describe('npm run generate', () => {
  it('leaves no stale file', () => {
    expect(problemsFound()).toEqual([]);
  });

  it('reports each stale file with the command that fixes it, and fixes it', () => {
    for (const file of GENERATED) copy.edit(file, (text) => text.replace(/Greets people|A greeting for|Permission is/, 'Tidal'));
    const problem = (file: string) => `${file} is not as its definition says: run "npm run generate" and commit the result.`;
    expect(problemsFound().sort()).toEqual(GENERATED.map(problem).sort());
    const { output } = copy.script('generate', []);
    for (const file of GENERATED) expect(output).toContain(`Wrote ${file}`);
    expect(GENERATED.map((name) => copy.read(name))).toEqual(fresh);
  });

  it('keeps exactly one definition file of each tool', () => {
    const [definition, other] = [`${DEFINITIONS}/get_greeting.json`, `${DEFINITIONS}/get_farewell.json`];
    const before = copy.read(definition);
    copy.edit(definition, (text) => text.replace('Who is greeted', 'Whom'));
    copy.write(other, before);
    expect(problemsFound()).toEqual([
      `${definition} is not as its definition says: run "npm run generate" and commit the result.`,
      `${other} belongs to no definition any more: run "npm run generate" and commit the result.`,
    ]);
    copy.removeFile(definition);
    expect(problemsFound()).toHaveLength(2);
    expect(copy.script('generate', []).output).toContain(`Removed ${other}`);
    expect([copy.read(definition), problemsFound()]).toEqual([before, []]);
  });

  it('reports every file that a changed definition makes stale', () => {
    const config = copy.read('servers/tides/src/config.ts');
    copy.write('servers/tides/src/config.ts', config.replace('The word to greet with.', 'What to say first.'));
    const problems = problemsFound().join();
    copy.write('servers/tides/src/config.ts', config);
    for (const file of ['registry.json', 'servers/tides/server.json', 'servers/tides/README.md'])
      expect(problems).toContain(`${file} is not`);
  });

  it('dates a new version, and keeps the dates of the others', () => {
    const published = (text: string): string =>
      JSON.parse(text).servers.find(({ server }: { server: { name: string } }) => server.name.endsWith('/tides'))._meta[OFFICIAL]
        .publishedAt;
    const manifest = copy.read('servers/tides/package.json');
    const earlier = copy.read('registry.json').replaceAll(published(copy.read('registry.json')), '2020-01-01T00:00:00.000Z');
    copy.write('registry.json', earlier);
    expect(copy.script('generate', ['--check']).code).toBe(0);
    copy.write('servers/tides/package.json', manifest.replace('"version": "0.0.0"', '"version": "0.1.0"'));
    copy.script('generate', []);
    copy.write('servers/tides/package.json', manifest);
    expect(Date.parse(published(copy.read('registry.json')))).toBeGreaterThan(Date.parse('2020-01-01'));
  });

  it('reports a page that lacks the markers for a table', () => {
    copy.edit('servers/tides/README.md', (text) => text.replace('<!-- generated:tools -->', ''));
    const { code, output } = copy.script('generate', []);
    expect([code, output]).toEqual([1, expect.stringContaining('servers/tides/README.md has no place for "tools"')]);
  });

  it('rejects a definition whose name is not that of its folder', () => {
    const server = copy.read('servers/tides/src/server.ts');
    copy.write('servers/tides/src/server.ts', server.replace("name: 'tides'", "name: 'ebbs'"));
    const { code, output } = copy.script('generate', []);
    copy.write('servers/tides/src/server.ts', server);
    expect([code, output]).toEqual([1, expect.stringContaining('the definition is called "ebbs"')]);
  });
});

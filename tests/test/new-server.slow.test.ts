import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Copy, repository } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

interface Block {
  language: string;
  code: string;
}

let copy: Copy;

beforeAll(() => {
  copy = openCopy();
});

afterAll(() => copy?.remove());

/** The fenced blocks of the pages, in order, and each command as a block of its own. What is said more than once is done once, at the end. */
function blocksOf(pages: readonly string[]): Block[] {
  const text = pages.map((page) => fs.readFileSync(path.join(repository, 'docs', page), 'utf8')).join('\n');
  const fenced = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
  const blocks = fenced.flatMap((block) => (block.language === 'sh' ? commandsIn(block) : [block]));
  return blocks.filter(({ code }, index) => blocks.findLastIndex((later) => later.code === code) === index);
}

function commandsIn({ language, code }: Block): Block[] {
  const lines = code.split('\n').filter((line) => line !== '');
  return lines.map((line) => ({ language, code: line }));
}

/** Does what the pages say: types their commands, and writes the files that their code blocks name in the first line. */
function follow(pages: readonly string[]): void {
  for (const { language, code } of blocksOf(pages)) {
    if (language === 'sh') {
      const typed = copy.shell(code);
      expect(typed.code, `${code}\n${typed.output}`).toBe(0);
    }
    if (language === 'ts') copy.write(fileNamed(code), code.slice(code.indexOf('\n') + 1));
  }
}

function fileNamed(code: string): string {
  const [, file] = /^\/\/ (servers\/\S+\.ts)\n/.exec(code) ?? [];
  if (file === undefined) throw new Error(`This code block does not say which file it is:\n${code}`);
  return file;
}

describe('npm run new server', () => {
  it.each(['', 'Tides', 'tide_tables', '2tides', '-tides', 'tides-', 'a'.repeat(41), '../tides'])('rejects the name "%s"', (name) => {
    const { code, output } = copy.script('new', ['server', name]);
    expect([code, output]).toEqual([1, expect.stringContaining('is no name for a server')]);
  });

  it('installs without warnings', () => {
    const { code, output } = copy.run('pnpm', ['install', '--no-frozen-lockfile', '--force', '--reporter=append-only', '--loglevel=warn']);
    expect([code, output.trim()]).toEqual([0, '']);
  });

  it('prints its usage when it is called wrongly', () => {
    expect(copy.script('new', ['tool', 'x'])).toMatchObject({ code: 1, output: expect.stringContaining('npm run new server NAME') });
    expect(copy.script('new', ['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('npm run new server NAME') });
  });
});

describe('the guides, followed word for word', () => {
  it('lead to a server with three tools that passes all tests and checks', { timeout: 300_000 }, () => {
    follow(['adding-a-server.md', 'adding-a-tool.md']);
    const manifest = JSON.parse(copy.read('servers/working-days/package.json'));
    expect(manifest).toMatchObject({
      name: '@fairway-mcp/working-days',
      mcpName: 'io.github.fairway-mcp/working-days',
      bin: { 'fairway-working-days': 'dist/main.js' },
    });
    expect(manifest).not.toHaveProperty('private');
    expect(copy.read('.changeset/working-days.md')).toContain('"@fairway-mcp/working-days": minor');
    expect(copy.read('servers/working-days/README.md')).toContain('| `count_working_days` |');
  });

  it('cannot be followed twice with the same name', () => {
    expect(copy.script('new', ['server', 'working-days'])).toMatchObject({ code: 1, output: expect.stringContaining('already') });
  });
});

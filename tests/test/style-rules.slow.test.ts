import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

const STDOUT = [
  "process.stdout.write('x');\n",
  'export const out = process.stdout;\n',
  "process['stdout'].write('x');\n",
  "import { stdout } from 'node:process';\n\nstdout.write('x');\n",
];
const ENVIRONMENT = 'export const home = process.env.HOME;\n';
const CONSOLE = "console.error('x');\n";
const DEFAULT = 'export default {};\n';

/** What is planted, and the rule that must find it; nothing where the same text is allowed. */
const PLANTED: readonly { file: string; text: string; rule: string | undefined }[] = [
  ...['packages/cache', 'packages/kit', 'servers/tides', 'scripts/server-template'].flatMap((workspace) => [
    ...STDOUT.map((text, index) => ({ file: `${workspace}/src/stdout-${index}.ts`, text, rule: 'plugin' })),
    { file: `${workspace}/src/console.ts`, text: CONSOLE, rule: 'lint/suspicious/noConsole' },
    { file: `${workspace}/src/default.ts`, text: DEFAULT, rule: 'lint/style/noDefaultExport' },
  ]),
  { file: 'packages/cache/src/environment.ts', text: ENVIRONMENT, rule: 'lint/style/noProcessEnv' },
  { file: 'servers/tides/src/environment.ts', text: ENVIRONMENT, rule: 'lint/style/noProcessEnv' },
  { file: 'packages/kit/src/environment.ts', text: ENVIRONMENT, rule: undefined },
  { file: 'servers/tides/src/server.ts', text: DEFAULT, rule: undefined },
];

let copy: Copy;
let complaints: string[];

beforeAll(() => {
  copy = openCopy();
  for (const { file, text } of PLANTED) copy.write(file, text);
  const { output } = copy.run('biome', ['lint', '--colors=off', '--max-diagnostics=none', ...PLANTED.map(({ file }) => file)]);
  complaints = output.split('\n');
});

afterAll(() => copy?.remove());

describe('server code', () => {
  it.each(PLANTED.filter(({ rule }) => rule !== undefined))('is rejected in $file: $text', ({ file, rule }) => {
    expect(complaints.filter((line) => line.startsWith(`${file}:`)).map((line) => line.split(' ')[1])).toContain(rule);
  });

  it.each(PLANTED.filter(({ rule }) => rule === undefined))('is accepted in $file: $text', ({ file }) => {
    expect(complaints.filter((line) => line.startsWith(`${file}:`))).toEqual([]);
  });
});

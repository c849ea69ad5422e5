import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Copy } from './support/copy.ts';
import { openCopy } from './support/shared-copy.ts';

const MANIFEST = {
  name: '@fairway-mcp/probe',
  private: true,
  type: 'module',
  scripts: {
    test: 'vitest run --config ../../vitest.shared.ts',
    'test:slow': 'vitest run --config ../../vitest-slow.shared.ts',
  },
  devDependencies: { vitest: 'catalog:' },
};
const SOURCE = 'export function add(one: number, other: number): number {\n  return one + other;\n}\n';
const PASSING = "import { expect, it } from 'vitest';\n\nit('adds', () => expect(1 + 1).toBe(2));\n";
const FAILING = "import { describe, expect, it } from 'vitest';\n\ndescribe('sums', () => it('are right', () => expect(1 + 1).toBe(3)));\n";
const SKIPPED = "import { it } from 'vitest';\n\nit('asks Redis', ({ skip }) => skip('no Redis at 127.0.0.1:6379'));\n";
const BROKEN = "throw new Error('cannot be loaded');\n";

let copy: Copy;

beforeAll(() => {
  copy = openCopy();
  copy.write('packages/probe/package.json', JSON.stringify(MANIFEST));
  copy.install();
});

afterAll(() => copy?.remove());

/** `npm test probe` with two test files, a and b, that pass unless another text is given; `npm run test:slow probe` likewise. */
function test(files: Record<string, string>, environment: NodeJS.ProcessEnv = {}, command = 'test') {
  const suffix = command === 'test' ? 'test' : 'slow.test';
  for (const name of ['a', 'b']) copy.write(`packages/probe/src/${name}.${suffix}.ts`, files[name] ?? PASSING);
  const { code, output } = copy.script(command, ['probe'], { CI: '', ...environment });
  return { code, output, totals: output.match(/^\d+ passed, .*$/m)?.[0] };
}

describe('npm test', () => {
  it('adds up what passed', () => {
    expect(test({})).toMatchObject({ code: 0, totals: '2 passed, 0 failed' });
  });

  it('does not run again what has passed, and adds it up all the same', () => {
    test({});
    const { code, output, totals } = test({});
    expect([code, totals]).toEqual([0, '2 passed, 0 failed']);
    expect(output).toContain('FULL TURBO');
  });

  it('names what failed, and a file that could not be loaded', () => {
    const { code, output, totals } = test({ a: FAILING, b: BROKEN });
    expect([code, totals]).toEqual([1, '0 passed, 2 failed']);
    expect(output).toContain('packages/probe/src/a.test.ts > sums > are right\n      expected 2 to be 3');
    expect(output).toContain('packages/probe/src/b.test.ts\n      cannot be loaded');
  });

  it('gives the reason of what was skipped, and takes it for a failure in CI', () => {
    const reason = 'packages/probe/src/a.test.ts > asks Redis: no Redis at 127.0.0.1:6379';
    expect(test({ a: SKIPPED })).toMatchObject({
      code: 0,
      totals: '1 passed, 0 failed, 1 skipped',
      output: expect.stringContaining(reason),
    });
    const ci = test({ a: SKIPPED }, { CI: 'true' });
    expect(ci).toMatchObject({ code: 1, totals: '1 passed, 1 failed, 1 skipped', output: expect.stringContaining(reason) });
  });

  it('rejects the name of a workspace that does not exist', () => {
    expect(copy.script('test', ['prob'])).toMatchObject({ code: 1, output: expect.stringContaining('There is no workspace "prob"') });
  });
});

describe('npm run coverage', () => {
  it('passes a package whose tests run its lines, and fails one whose tests do not', () => {
    copy.write('packages/probe/src/add.ts', SOURCE);
    copy.write('packages/probe/src/b.test.ts', PASSING);
    copy.write('packages/probe/src/a.test.ts', `import { add } from './add.ts';\n${PASSING.replace('1 + 1', 'add(1, 1)')}`);
    expect(copy.script('coverage', ['probe'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('✓ packages/probe: 100.0 % of 1 line'),
    });
    copy.write('packages/probe/src/a.test.ts', PASSING);
    expect(copy.script('coverage', ['probe'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('✗ packages/probe: 0.0 % of 1 line'),
    });
  });
});

describe('npm run test:slow', () => {
  it('runs the files called *.slow.test.ts, which npm test leaves out, and keeps a report of its own', () => {
    expect(test({ a: FAILING }, {}, 'test-slow')).toMatchObject({ code: 1, totals: '1 passed, 1 failed' });
    expect(test({})).toMatchObject({ code: 0, totals: '2 passed, 0 failed' });
    expect(test({}, {}, 'test-slow')).toMatchObject({ code: 0, totals: '2 passed, 0 failed' });
  });

  it('takes a skipped test for a failure in CI', () => {
    expect(test({ a: SKIPPED }, { CI: 'true' }, 'test-slow')).toMatchObject({ code: 1, totals: '1 passed, 1 failed, 1 skipped' });
  });
});

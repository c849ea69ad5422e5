import fs from 'node:fs';
import path from 'node:path';
import type { ViteUserConfig } from 'vitest/config';
import type { Speed } from './report.ts';
import { ReportWriter } from './reporter.ts';

const MODULES = '**/node_modules/**';
const SLOW = '**/*.slow.test.ts';
/** Tests that load native code, which is not made to serve many files in one process. */
const NATIVE = '**/*.native.test.ts';

/** How vitest runs the quick or the slow tests of the workspace that it is started in. */
export function testConfig(speed: Speed): ViteUserConfig {
  const workspace = process.cwd();
  return {
    root: workspace,
    test: {
      ...(speed === 'quick' ? quickTests(workspace) : { include: [`{src,lib,test}/${SLOW}`], exclude: [MODULES] }),
      reporters: ['dot', new ReportWriter(workspace, speed)],
      testTimeout: 60_000,
      hookTimeout: 120_000,
      teardownTimeout: 60_000,
      expect: { poll: { timeout: 30_000 } },
    },
  };
}

function quickTests(workspace: string): NonNullable<ViteUserConfig['test']> {
  const testsIn = (folder: string, ...others: string[]) => ({ include: [`${folder}/**/*.test.ts`], exclude: [MODULES, SLOW, ...others] });
  const hasSource = ['src', 'lib'].some((folder) => fs.existsSync(path.join(workspace, folder)));
  // Vitest does not pass all command-line options on to projects, such as `--hookTimeout`; only workspaces without source give any.
  if (!hasSource) return testsIn('test');
  return {
    projects: [
      // Unit tests restore what they change, so that many files can share a process and load each module once.
      { extends: true, test: { name: 'unit', ...testsIn('{src,lib}', NATIVE), isolate: false } },
      { extends: true, test: { name: 'native', include: [`{src,lib}/${NATIVE}`], exclude: [MODULES, SLOW] } },
      { extends: true, test: { name: 'workspace', ...testsIn('test') } },
    ],
    // By default vitest keeps one core free. Tests wait a lot (for processes, paced calls, timeouts), so that every core can have a worker.
    maxWorkers: '100%',
  };
}

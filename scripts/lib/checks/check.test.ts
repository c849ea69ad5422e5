import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../workspace.ts';
import { markOf, sumOf } from './check.ts';

const passed = { problems: [] };
const unchecked = { problems: [], unchecked: true, note: 'NOT checked' } as const;
const failed = { problems: ['wrong'] };

describe('the results of checks', () => {
  it('tell what was not checked apart from what passed', () => {
    expect([passed, unchecked, failed].map(markOf)).toEqual(['✓', '–', '✗']);
    expect(sumOf([passed, passed, unchecked])).toBe('2 passed, 1 not checked, 0 failed');
    expect(sumOf([passed, failed])).toBe('1 passed, 1 failed');
  });

  it.skipIf(process.platform === 'win32')('are added up by .ci/run, whether or not something was not checked', () => {
    const [, program = ''] = /awk '(.+?)' /.exec(fs.readFileSync(path.join(root, '.ci/run'), 'utf8')) ?? [];
    const log = `${sumOf([passed, passed, unchecked, failed])} (12 s)\n${sumOf([passed, failed])}\n`;
    expect(execFileSync('awk', [program], { input: log, encoding: 'utf8' }).trim()).toBe('3 2');
  });
});

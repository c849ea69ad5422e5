import { describe, expect, it } from 'vitest';
import { summarize } from './summary.ts';

describe('the summary of all tests', () => {
  const kit = { folder: 'packages/kit', report: { passed: 3, failed: [], skipped: [] } };
  const shared = {
    folder: 'packages/cache',
    report: { passed: 1, failed: [], skipped: [{ name: 'redis.test.ts > get', reason: 'no Redis at 127.0.0.1:6379' }] },
  };
  const broken = {
    folder: 'packages/auth',
    report: { passed: 1, failed: [{ name: 'a.test.ts > adds', message: 'expected 1 to be 2' }], skipped: [] },
  };

  it('ends with the sum of all workspaces', () => {
    const { text, isGood } = summarize([kit, kit], { refuseSkipped: true });
    expect([isGood, text.split('\n').at(-1)]).toEqual([true, '6 passed, 0 failed']);
  });

  it('lists each failed test with its error', () => {
    const { text, isGood } = summarize([kit, broken], { refuseSkipped: false });
    expect(isGood).toBe(false);
    expect(text).toContain('packages/auth/a.test.ts > adds');
    expect(text).toContain('expected 1 to be 2');
    expect(text.split('\n').at(-1)).toBe('4 passed, 1 failed');
  });

  it('lists each skipped test with its reason', () => {
    const { text, isGood } = summarize([shared], { refuseSkipped: false });
    expect(isGood).toBe(true);
    expect(text).toContain('packages/cache/redis.test.ts > get: no Redis at 127.0.0.1:6379');
    expect(text.split('\n').at(-1)).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('counts a skipped test as failed where none may be skipped', () => {
    const { text, isGood } = summarize([shared], { refuseSkipped: true });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '1 passed, 1 failed, 1 skipped']);
  });

  it('counts a missing report as a failure', () => {
    const { text, isGood } = summarize([kit, { folder: 'tests', report: undefined }], { refuseSkipped: false });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '3 passed, 1 failed']);
    expect(text).toContain('tests: the run ended without a report');
  });

  it('counts a workspace without any test as a failure', () => {
    const { text, isGood } = summarize([{ folder: 'packages/new', report: { passed: 0, failed: [], skipped: [] } }], {
      refuseSkipped: false,
    });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '0 passed, 1 failed']);
    expect(text).toContain('packages/new: there are no tests');
  });
});

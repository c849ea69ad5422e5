import { describe, expect, it } from 'vitest';
import { changesetProblems } from '../../scripts/lib/checks/changesets.ts';
import { judgeDefinitions } from '../../scripts/lib/checks/definitions.ts';
import { summarize } from '../../scripts/lib/tests/summary.ts';

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

  it('adds up', () => {
    const { text, isGood } = summarize([kit, kit], { refuseSkipped: true });
    expect([isGood, text.split('\n').at(-1)]).toEqual([true, '6 passed, 0 failed']);
  });

  it('names what failed, and why', () => {
    const { text, isGood } = summarize([kit, broken], { refuseSkipped: false });
    expect(isGood).toBe(false);
    expect(text).toContain('packages/auth/a.test.ts > adds');
    expect(text).toContain('expected 1 to be 2');
    expect(text.split('\n').at(-1)).toBe('4 passed, 1 failed');
  });

  it('names what was skipped, and why', () => {
    const { text, isGood } = summarize([shared], { refuseSkipped: false });
    expect(isGood).toBe(true);
    expect(text).toContain('packages/cache/redis.test.ts > get: no Redis at 127.0.0.1:6379');
    expect(text.split('\n').at(-1)).toBe('1 passed, 0 failed, 1 skipped');
  });

  it('takes a skipped test for a failed one where nothing may be skipped', () => {
    const { text, isGood } = summarize([shared], { refuseSkipped: true });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '1 passed, 1 failed, 1 skipped']);
  });

  it('takes a missing report for a failure', () => {
    const { text, isGood } = summarize([kit, { folder: 'tests', report: undefined }], { refuseSkipped: false });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '3 passed, 1 failed']);
    expect(text).toContain('tests: the run ended without a report');
  });

  it('takes a workspace without any test for a failure', () => {
    const { text, isGood } = summarize([{ folder: 'packages/new', report: { passed: 0, failed: [], skipped: [] } }], {
      refuseSkipped: false,
    });
    expect([isGood, text.split('\n').at(-1)]).toEqual([false, '0 passed, 1 failed']);
    expect(text).toContain('packages/new: there are no tests');
  });
});

describe('the size of definitions', () => {
  const tool = (words: number) => ({ name: 'tool', description: 'word '.repeat(words) });

  it('is told', () => {
    expect(judgeDefinitions([tool(100)])).toEqual({ problems: [], note: expect.stringMatching(/^1\d\d of 6,000 tokens \(o200k_base\)$/) });
  });

  it('is bounded for all tools of a server together', () => {
    expect(judgeDefinitions([tool(4000), tool(1000)]).problems).toEqual([]);
    expect(judgeDefinitions([tool(4000), tool(3000)]).problems).toEqual([expect.stringMatching(/7,0\d\d tokens; 6,000 are the most/)]);
  });
});

describe('a changeset', () => {
  const names = ['@fairway-mcp/weather'];

  it('names packages, how each is bumped, and what has changed', () => {
    expect(changesetProblems('---\n"@fairway-mcp/weather": minor\n---\n\nTells the wind.\n', names)).toEqual([]);
    expect(changesetProblems('---\n---\n\nNothing to release.\n', names)).toEqual([]);
  });

  it.each([
    ['Tells the wind.', 'front matter'],
    ['---\n"@fairway-mcp/wether": minor\n---\n\nx', 'no package "@fairway-mcp/wether"'],
    ['---\n"@fairway-mcp/weather": big\n---\n\nx', '"big" must be'],
    ['---\nweather\n---\n\nx', '"weather" must be'],
    ['---\n"@fairway-mcp/weather": minor\n---\n\n', 'does not say what has changed'],
  ])('does not pass as %j', (text, problem) => {
    expect(changesetProblems(text, names)).toEqual([expect.stringContaining(problem)]);
  });
});

import { describe, expect, it } from 'vitest';
import { wordProblems } from './words.ts';

describe('the check of words', () => {
  it('names the file, the line and the better word', () => {
    expect(wordProblems('src/a.ts', 'const a = 1;\n// Each errand is counted.\n')).toEqual(['src/a.ts:2: "errand": say request']);
  });

  it('finds a word inside an identifier and in the name of a file', () => {
    expect(wordProblems('src/front-door.ts', 'isPlainCall(); const LAST_WORDS = runErrand(standInForAws);')).toEqual([
      expect.stringContaining('src/front-door.ts: the file\'s name has "front-door"'),
      expect.stringContaining('"Errand": say request'),
      expect.stringContaining('"LAST WORDS": say timeout'),
      expect.stringContaining('"Plain Call": say fast path'),
      expect.stringContaining('"stand In": say emulator or fake'),
    ]);
  });

  it.each([
    'This makes room for the next one.',
    'broad, prejudged, taskForce',
    'The words stand in a list',
    'MOST of them',
    'mostOf(them)',
  ])('accepts %s', (text) => {
    expect(wordProblems('src/a.ts', text)).toEqual([]);
  });
});

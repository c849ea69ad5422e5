import { describe, expect, it } from 'vitest';
import { checkSize } from './definitions.ts';

describe('the size of tool definitions', () => {
  const tool = (words: number) => ({ name: 'tool', description: 'word '.repeat(words) });

  it('is reported also when it is within the limit', () => {
    expect(checkSize([tool(100)])).toEqual({ problems: [], note: expect.stringMatching(/^1\d\d of 6,000 tokens \(o200k_base\)$/) });
  });

  it('is limited for all tools of a server together', () => {
    expect(checkSize([tool(4000), tool(1000)]).problems).toEqual([]);
    expect(checkSize([tool(4000), tool(3000)]).problems).toEqual([expect.stringMatching(/7,0\d\d tokens; the limit is 6,000/)]);
  });
});

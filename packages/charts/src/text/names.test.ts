import { describe, expect, it } from 'vitest';
import { drawableNames, drawableText, tidy } from './names.ts';

describe('names', () => {
  it('of which all characters are in the font are drawn as they are, tidied', () => {
    expect(tidy(' a\u00a0b\n\tc\u202ed\u200b ')).toBe('a b cd');
    expect(drawableNames(['Łódź', 'a\u2011b', ''], 'value').renamed).toEqual([]);
    expect(['Łódź', 'a\u2011b', ''].map(drawableNames(['Łódź', 'a\u2011b', ''], 'value').labelOf)).toEqual(['Łódź', 'a-b', '(empty)']);
  });

  it('of other scripts get a number that no other name has', () => {
    const names = drawableNames(['東京', 'tag value 1', '大阪', '東京'], 'tag value');
    expect(names.renamed).toEqual([
      { name: '東京', label: 'tag value 2' },
      { name: '大阪', label: 'tag value 3' },
    ]);
    expect(names.inText('東京 and 大阪 😀😀')).toBe('tag value 2 and tag value 3 …');
  });

  it('lose single characters that the font lacks only in longer texts', () => {
    expect(drawableText('Spend ▲▲ 18 %')).toBe('Spend … 18 %');
    expect(drawableText('half \ud800 of a pair')).toBe('half … of a pair');
  });
});

import { describe, expect, it } from 'vitest';
import { countLines, linesOf } from './lines.ts';

const TEXT = 'const a = 1;\nfunction f() {\n  return a;\n}\n';
const start = (line: number, column: number) => ({ start: { line, column } });
const file = { path: '/a.ts', statementMap: { 0: start(1, 0), 1: start(3, 2) } };
const whole = { startOffset: 0, endOffset: TEXT.length, count: 1 };
const body = { startOffset: 13, endOffset: 43 };

describe('the lines that ran', () => {
  it('are those with a statement that ran in vitest', () => {
    expect(linesOf({ ...file, s: { 0: 1, 1: 0 } }, TEXT, [])).toEqual(
      new Map([
        [1, true],
        [3, false],
      ]),
    );
  });

  it('include those that only a child process ran', () => {
    const script = (count: number) => ({ url: 'file:///a.ts', functions: [{ ranges: [whole] }, { ranges: [{ ...body, count }] }] });
    expect(countLines([linesOf({ ...file, s: { 0: 0, 1: 0 } }, TEXT, [script(0)])])).toEqual({ covered: 1, total: 2 });
    expect(countLines([linesOf({ ...file, s: { 0: 0, 1: 0 } }, TEXT, [script(0), script(2)])])).toEqual({ covered: 2, total: 2 });
  });

  it('are counted once when several test runs ran them', () => {
    const first = new Map([
      [1, true],
      [3, false],
    ]);
    const second = new Map([[3, true]]);
    expect(countLines([first, first, second])).toEqual({ covered: 2, total: 2 });
  });
});

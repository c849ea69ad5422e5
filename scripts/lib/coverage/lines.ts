/** A position as Istanbul gives it: lines from 1, columns from 0. */
interface Position {
  line: number;
  column: number;
}

/** What vitest reports of one file, in Istanbul's form. */
export interface FileCoverage {
  path: string;
  statementMap: Record<string, { start: Position }>;
  /** How often each statement ran. */
  s: Record<string, number>;
}

/** What V8 reports of one script: functions, each with the ranges of its blocks; the innermost range around an offset holds its count. */
export interface ScriptCoverage {
  url: string;
  functions: readonly { ranges: readonly Range[] }[];
}

interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

/** The lines of a file on which a statement begins, each with whether one ran. */
export type Lines = ReadonlyMap<number, boolean>;

export interface LineCounts {
  covered: number;
  total: number;
}

/**
 * The lines of a file on which a statement begins, and whether one ran there: in vitest, or in a child process.
 * @param text The file's text. Node strips types without moving anything, so that V8's offsets are offsets in this text.
 * @param scripts V8's reports of this file, one from each process that loaded it.
 */
export function linesOf({ statementMap, s }: FileCoverage, text: string, scripts: readonly ScriptCoverage[]): Lines {
  const lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const lines = new Map<number, boolean>();
  for (const [id, { start }] of Object.entries(statementMap)) {
    const offset = (lineStarts[start.line - 1] ?? 0) + start.column;
    const hasRun = lines.get(start.line) === true || (s[id] ?? 0) > 0 || scripts.some((script) => countAt(script, offset) > 0);
    lines.set(start.line, hasRun);
  }
  return lines;
}

/** Counts the lines that ran in any of several test runs. */
export function countLines(runs: readonly Lines[]): LineCounts {
  const all = new Map<number, boolean>();
  for (const [line, hasRun] of runs.flatMap((lines) => [...lines])) all.set(line, hasRun || all.get(line) === true);
  return { covered: [...all.values()].filter(Boolean).length, total: all.size };
}

/** How often a process ran the code at an offset of a script. */
function countAt({ functions }: ScriptCoverage, offset: number): number {
  let innermost: Range | undefined;
  for (const { ranges } of functions) {
    for (const range of ranges) {
      if (range.startOffset > offset || offset >= range.endOffset) continue;
      if (innermost === undefined || range.endOffset - range.startOffset <= innermost.endOffset - innermost.startOffset) innermost = range;
    }
  }
  return innermost?.count ?? 0;
}

import { run } from '../shell.ts';

/** Something that must hold. */
export interface Check {
  name: string;
  /** Finds what is wrong. */
  run(): Promise<Found>;
}

export interface Found {
  /** What is wrong, for people to read; empty when all is well. */
  problems: readonly string[];
  /** A figure that is printed also when all is well. */
  note?: string;
  /** Whether it could not be looked at what has to hold. The note says why. */
  unchecked?: true;
}

/** A check that is a program: its output is the problem when its exit code is not 0. */
export function programCheck(name: string, program: string, args: readonly string[]): Check {
  return {
    name,
    async run() {
      const { code, output } = await run(program, args, { output: 'capture' });
      return { problems: code === 0 ? [] : [output.trim() || `ended with code ${code}`] };
    },
  };
}

export function isGood({ problems }: Found): boolean {
  return problems.length === 0;
}

/** What stands before its name: passed, failed, or not looked at. */
export function markOf(found: Found): string {
  if (!isGood(found)) return '✗';
  return found.unchecked === true ? '–' : '✓';
}

/** `11 passed, 2 not checked, 0 failed`; what was not checked is named only where there is any. `.ci/run` adds these lines up. */
export function sumOf(results: readonly Found[]): string {
  const count = (mark: string) => results.filter((found) => markOf(found) === mark).length;
  const unchecked = count('–');
  return `${count('✓')} passed, ${unchecked > 0 ? `${unchecked} not checked, ` : ''}${count('✗')} failed`;
}

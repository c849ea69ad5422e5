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

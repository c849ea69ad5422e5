import { run } from '../shell.ts';

/** Something that must hold. */
export interface Check {
  name: string;
  look(): Promise<Found>;
}

export interface Found {
  /** What is wrong, for a person to read; empty when all is well. */
  problems: readonly string[];
  /** A figure that is worth knowing also when all is well. */
  note?: string;
}

/** A check that is a program: what it says is wrong when it does not end with 0. */
export function programCheck(name: string, program: string, args: readonly string[]): Check {
  return {
    name,
    async look() {
      const { code, output } = await run(program, args, { output: 'capture' });
      return { problems: code === 0 ? [] : [output.trim() || `ended with code ${code}`] };
    },
  };
}

import { type Finished, run } from '../shell.ts';

/** Something that must hold. */
export interface Check {
  name: string;
  /** What is wrong, for a person to read; nothing when all is well. */
  problems(): Promise<string | undefined>;
}

/** A check that is a program: what it says is wrong when it does not end with 0. */
export function programCheck(name: string, program: string, args: readonly string[]): Check {
  return { name, problems: async () => problemsOf(await run(program, args, { output: 'capture' })) };
}

function problemsOf({ code, output }: Finished): string | undefined {
  return code === 0 ? undefined : output.trim() || `ended with code ${code}`;
}

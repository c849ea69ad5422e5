import fs from 'node:fs';
import path from 'node:path';

/** Prints a line. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command's main function, or prints how it is used when it is asked for `--help`. An error is printed without a stack, and the exit
 * code is then 1.
 * @param main resolves with the exit code; with nothing when what it started sets the exit code itself.
 */
export async function command(main: () => Promise<number | undefined>): Promise<void> {
  const [, script = '', ...args] = process.argv;
  // What follows the name of a server is for that server.
  const own = path.basename(script) === 'server.ts' ? args.slice(0, 1) : args;
  try {
    if (own.some((arg) => arg === '--help' || arg === '-h')) return say(usageIn(fs.readFileSync(script, 'utf8')));
    const code = await main();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`fairway: ${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** How a command is used: the comment at the head of its script. */
export function usageIn(source: string): string {
  const [, comment = ''] = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source) ?? [];
  return comment.replaceAll(/^ \* ?/gm, '');
}

/** Of an unknown flag, without Node's advice about positional arguments. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!('code' in error) || error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return error.message;
  return `${error.message.replace(/\. To specify [\s\S]*$/, '.')} Run with --help to see how it is used.`;
}

export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

export function seconds(startedAtMs: number): string {
  return `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
}

export function indent(text: string, by = '    '): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : by + line))
    .join('\n');
}

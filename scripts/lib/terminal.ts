/** Prints a line. */
export function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command's main function. An error is printed without a stack, and the exit code is then 1.
 * @param main resolves with the exit code; with nothing when what it started sets the exit code itself.
 */
export async function command(main: () => Promise<number | undefined>): Promise<void> {
  try {
    const code = await main();
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.stderr.write(`fairway: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
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

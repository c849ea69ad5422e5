import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const MODULE = new URL('young-generation.ts', import.meta.url).href;

/** Creates garbage in small pieces, as requests do, and prints how many megabytes the young generation has in the end. */
function grownTo(before: string): number {
  const program = `
    import v8 from 'node:v8';
    import { setImmediate } from 'node:timers/promises';
    ${before}
    const kept = [];
    for (let piece = 0; piece < 300; piece += 1) {
      for (let i = 0; i < 10_000; i += 1) kept[i % 3000] = { i, text: String(i) };
      await setImmediate();
    }
    console.log(v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size / 2 ** 20);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return Number(stdout);
}

describe('limitYoungGeneration', () => {
  it('keeps the young generation small that V8 lets grow otherwise', () => {
    expect(grownTo('')).toBeGreaterThan(8);
    const limited = grownTo(`import { limitYoungGeneration } from '${MODULE}'; limitYoungGeneration();`);
    expect(limited).toBeGreaterThan(2);
    expect(limited).toBeLessThanOrEqual(8);
  });
});

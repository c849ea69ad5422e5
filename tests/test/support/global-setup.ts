import fs from 'node:fs';
import type { TestProject } from 'vitest/node';
import { createBase } from './copy.ts';

/** Makes the copy that those of all test files start from, so that it is installed once. Vitest calls what is returned at the end. */
export function setup({ provide }: TestProject): () => void {
  const base = createBase();
  provide('baseCopy', base);
  return () => fs.rmSync(base, { recursive: true, force: true });
}

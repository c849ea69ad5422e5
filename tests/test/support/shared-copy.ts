import { inject } from 'vitest';
import { Copy } from './copy.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    baseCopy: string;
  }
}

/** A copy for the tests of one file to change at will. */
export function openCopy(): Copy {
  return new Copy(inject('baseCopy'));
}

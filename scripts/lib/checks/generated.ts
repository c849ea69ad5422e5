import { generatedFiles, problemOf } from '../generate/files.ts';
import type { Check } from './check.ts';

/** Every generated file is as its definition says, and none belongs to a definition that is gone. */
export const generatedCheck: Check = {
  name: 'generated',
  async run() {
    const files = await generatedFiles(new Date());
    return { problems: files.flatMap(problemOf), note: `${files.length} files` };
  },
};

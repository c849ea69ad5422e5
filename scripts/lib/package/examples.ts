import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Workspace } from '../workspace.ts';

/** How a server is tried out: what its `test/examples.ts` exports. */
export interface Examples {
  /** Flags with which it runs without anything else. */
  args: readonly string[];
  /** For every tool that reads, arguments with which it answers. */
  examples: Readonly<Record<string, Record<string, unknown>>>;
}

export async function examplesOf(workspace: Workspace): Promise<Examples> {
  return import(pathToFileURL(path.join(workspace.path, 'test', 'examples.ts')).href);
}

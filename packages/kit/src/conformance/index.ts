import type { ServerDescription } from '../define/server.ts';
import { runServer } from '../run.ts';
import { rawExtension } from './extension.ts';
import type { Raw } from './raw.ts';

export type { Raw, RawPrompt, RawTask, RawTool } from './raw.ts';

/**
 * Runs a server with additions in the protocol's own terms. Only for the fixture of the protocol's conformance suite, which demands
 * features that servers do not need: a server is defined with `defineServer` and started with `run`.
 */
export function runWithRawTools(description: ServerDescription, raw: Raw): Promise<void> {
  return runServer(description, rawExtension(raw));
}

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Embedded, embed } from '../../src/embed.ts';
import type { ServerDescription } from '../../src/index.ts';
import { fixture } from '../fixture/server.ts';

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-kit-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Serves the fixture over HTTP inside this process, until the test ends. */
export async function serveFixture(
  args: readonly string[] = [],
  description: ServerDescription = fixture,
  environment: Record<string, string> = {},
): Promise<Embedded> {
  const embedded = await embed(description, ['--state-dir', temporaryFolder(), '--drain-seconds', '2', ...args], environment);
  onTestFinished(() => embedded.close());
  return embedded;
}

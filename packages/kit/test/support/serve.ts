import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type Embedded, embed } from '../../src/embed.ts';
import type { ServerDescription } from '../../src/index.ts';
import { fixture } from '../fixture/server.ts';

/** A folder that is gone when the test has ended. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fairway-kit-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The fixture over HTTP inside this process, until the test has ended. */
export async function serveFixture(
  args: readonly string[] = [],
  description: ServerDescription = fixture,
  environment: Record<string, string> = {},
): Promise<Embedded> {
  const embedded = await embed(description, ['--state-dir', temporaryFolder(), '--drain-seconds', '2', ...args], environment);
  onTestFinished(() => embedded.close());
  return embedded;
}

import { UsageError } from '@fairway-mcp/kit';
import type { BillSource } from './bill/question.ts';
import type { Config } from './config.ts';
import { createSampleSource } from './sample/sample-source.ts';

/** What the tools work with. */
export interface Services {
  bill: BillSource;
  /** The present, as the bill knows it: the sample has a calendar of its own, so that its answers stay the same. */
  presentOf(clock: Date): Date;
}

/** @throws UsageError when no bill is named. */
export function createServices(settings: Config): Services {
  if (!settings.sample) throw new UsageError('There is no bill to read. Try the server with --sample.');
  const source = createSampleSource({ seed: settings.sampleSeed, size: settings.sampleSize });
  return { bill: source, presentOf: () => source.now };
}

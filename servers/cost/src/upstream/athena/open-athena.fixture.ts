import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createAws } from '@fairway-mcp/aws';
import { type AthenaBackend, AthenaQueries, type AwsEmulator, startAwsEmulator } from '@fairway-mcp/aws-emulator';
import { generateOrganization } from '@fairway-mcp/aws-sample';
import { vi } from 'vitest';
import { CHARGES } from '../focus/charges.fixture.ts';
import { type FileOptions, writeFocusFile } from '../focus/focus-files.fixture.ts';
import { AthenaSource, type AthenaSourceSettings } from './athena-source.ts';
import { duckDbBackend } from './duckdb-backend.fixture.ts';

const SETTINGS: AthenaSourceSettings = {
  catalog: 'AwsDataCatalog',
  database: 'bills',
  table: 'focus',
  workgroup: 'primary',
  partition: 'billing_period',
  cutoffBytes: 1_000_000_000,
  usdPerTb: 5,
};

const ORGANIZATION = generateOrganization({ seed: 1, size: 30, now: '2026-04-05T00:00:00.000Z' });

export interface EmulatedAthena {
  source: AthenaSource;
  queries: AthenaQueries;
  aws: AwsEmulator;
  close(): Promise<void>;
}

/** Athena over a file of charges: an emulator that runs statements in DuckDB. */
export async function emulateAthena(
  options: {
    files?: FileOptions;
    backend?: Partial<AthenaBackend>;
    settings?: Partial<AthenaSourceSettings>;
    charges?: typeof CHARGES;
  } = {},
): Promise<EmulatedAthena> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-athena-'));
  const file = path.join(folder, 'bill.parquet');
  await writeFocusFile(file, options.charges ?? CHARGES, options.files);
  const backend = await duckDbBackend([file], options.backend);
  const queries = new AthenaQueries(backend);
  const emulator = await startAwsEmulator(ORGANIZATION, {
    services: [queries.service],
    paging: { maxPageSize: 7, emptyPages: 0, shortPages: 0.3 },
  });
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  const aws = createAws({
    endpoint: emulator.url,
    region: 'us-east-1',
    sessionName: 'test',
    attempts: 3,
    rates: { athena: { perSecond: 1e6, burst: 1e6 } },
  });
  const source = new AthenaSource(aws, { ...SETTINGS, ...options.settings }, () => Date.parse('2026-04-05T00:00:00Z'));
  return {
    source,
    queries,
    aws: emulator,
    async close() {
      aws.close();
      await emulator.stop();
      await backend.close();
      await fs.rm(folder, { recursive: true });
      vi.unstubAllEnvs();
    },
  };
}

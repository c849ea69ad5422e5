import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Aws } from '@fairway-mcp/aws';
import { UsageError } from '@fairway-mcp/kit';
import { shown } from '../aws-failure.ts';
import { Engine } from './engine.ts';
import { FocusSource } from './focus-source.ts';
import { FolderStore } from './folder-store.ts';
import { loadDuckDb } from './load-duckdb.ts';
import { parseLocation } from './location.ts';
import { S3Store } from './s3-store.ts';
import { Snapshots } from './snapshot.ts';
import type { ExportStore } from './store.ts';

export interface FocusSettings {
  /** Folders and `s3://bucket/prefix`, one for each export. */
  locations: readonly string[];
  /** Where files from S3 are kept. Default: a folder of the user's cache. */
  cacheFolder?: string;
  /** The memory of the engine, in megabytes. */
  memoryMb?: number;
  /** For how long an export is not looked at again. */
  refreshMinutes?: number;
}

export interface FocusDependencies {
  /** Only called for exports in S3. */
  aws: () => Aws;
  now?: () => number;
  load?: Parameters<typeof loadDuckDb>[0];
}

export interface OpenFocus {
  source: FocusSource;
  /** Whether each export can be listed. @throws ToolError */
  look(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export const DEFAULT_MEMORY_MB = 1_024;
export const DEFAULT_REFRESH_MINUTES = 10;
/** What does not fit into the engine's memory may take this much of the disk. */
const TEMP_PER_MEMORY = 8;

/** @throws UsageError when a location is none, or DuckDB is not there */
export async function openFocus(settings: FocusSettings, dependencies: FocusDependencies): Promise<OpenFocus> {
  const { locations, memoryMb = DEFAULT_MEMORY_MB, refreshMinutes = DEFAULT_REFRESH_MINUTES } = settings;
  const { now = Date.now } = dependencies;
  const duckDb = await loadDuckDb(dependencies.load);
  const stores: ExportStore[] = [];
  for (const location of locations) stores.push(await openStore(location, settings, dependencies));
  const tempFolder = await fs.mkdtemp(path.join(os.tmpdir(), 'fairway-duckdb-'));
  const engine = await Engine.open(duckDb, {
    memoryMb,
    tempFolder,
    maxTempMb: memoryMb * TEMP_PER_MEMORY,
    folders: stores.map(({ folder }) => folder),
  });
  const exports = stores.map((store) => new Snapshots({ store, refreshMs: refreshMinutes * 60_000, now }));
  const title = `FOCUS export ${stores.map((store) => store.title).join(' and ')}`;
  return {
    source: new FocusSource({ exports, title, engine, now }),
    async look(signal) {
      for (const one of exports) await shown(one.look(signal));
    },
    async close() {
      for (const store of stores) store.close();
      await engine.close();
      await fs.rm(tempFolder, { recursive: true, force: true });
    },
  };
}

async function openStore(text: string, { cacheFolder }: FocusSettings, { aws, now = Date.now }: FocusDependencies): Promise<ExportStore> {
  const location = parseLocation(text);
  if (location === undefined) throw new UsageError(`--focus takes folders and s3://bucket/prefix, not "${text}".`);
  if (location.kind === 'folder') return FolderStore.open(location.folder);
  const client = aws();
  const folder = cacheFolder ?? path.join(os.homedir(), '.cache', 'fairway', 'focus');
  const store = new S3Store({ ...location, aws: client, cacheFolder: folder, now });
  await store.prepare();
  return store;
}

import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  type BenchmarkContext,
  type BenchmarkReport,
  divide,
  formatMegabytes,
  formatRatio,
  formatWhole,
  markdownTable,
  median,
} from '@fairway-mcp/testing/bench';
import { type FocusRounds, MEMORY_MB } from './focus-rounds.ts';

const SIZES = [1_000_000, 5_000_000, 10_000_000] as const;
const ROWS_A_FILE = 1_000_000;
const ROUNDS = 9;
/** Source and engine are measured alternately, so that what else the machine does affects both. */
const TURNS = 3;

interface FocusResult {
  rows: number;
  sourceMs: number;
  engineMs: number;
  firstMs: number;
  sourceMb: number;
  engineMb: number;
}

/** Questions about exports of several sizes, next to DuckDB alone. */
export async function measureFocus(context: BenchmarkContext): Promise<BenchmarkReport> {
  const results: FocusResult[] = [];
  for (const rows of context.isQuick ? SIZES.slice(0, 1) : SIZES) results.push(await measureSize(rows, context));
  const largest = results.at(-1);
  const goal = {
    what: `service by day of ${formatWhole(largest?.rows ?? 0)} rows of an export, against DuckDB alone`,
    atMost: 1.3,
    measured: divide(largest?.sourceMs, largest?.engineMs),
  };
  return { goals: [goal], sections: [section(results)] };
}

async function measureSize(rows: number, { folder, print }: BenchmarkContext): Promise<FocusResult> {
  const data = path.join(folder, `focus-${rows}`);
  await fs.mkdir(data, { recursive: true });
  await generate(data, rows);
  const source: FocusRounds[] = [];
  const engine: FocusRounds[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    engine.push(await run(data, 'engine'));
    source.push(await run(data, 'source'));
  }
  if (source[0]?.total !== engine[0]?.total) throw new Error(`The source answers ${source[0]?.total}, DuckDB ${engine[0]?.total}.`);
  await fs.rm(data, { recursive: true });
  const result = {
    rows,
    sourceMs: median(source.flatMap(({ roundsMs }) => roundsMs)),
    engineMs: median(engine.flatMap(({ roundsMs }) => roundsMs)),
    firstMs: median(source.map(({ firstMs }) => firstMs)),
    sourceMb: Math.max(...source.map(({ peakMb }) => peakMb)),
    engineMb: Math.max(...engine.map(({ peakMb }) => peakMb)),
  };
  print(
    `${formatWhole(rows)} rows: ${result.sourceMs.toFixed(0)} ms, DuckDB alone ${result.engineMs.toFixed(0)} ms, first ${result.firstMs.toFixed(0)} ms`,
  );
  return result;
}

async function run(folder: string, what: 'source' | 'engine'): Promise<FocusRounds> {
  const program = path.join(import.meta.dirname, 'focus-rounds.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    program,
    folder,
    String(ROUNDS),
    what,
  ]);
  return JSON.parse(stdout);
}

/** Three months of hourly usage, some of it credited, taxed or refunded, with tags and resources. */
async function generate(folder: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' });
  const connection = await instance.connect();
  for (let at = 0; at < rows; at += ROWS_A_FILE)
    await connection.run(`COPY (
      SELECT
        'Amazon Service ' || (i % 37) AS ServiceName, '1111222233' || (10 + i % 11) AS SubAccountId, 'eu-west-' || (i % 3) AS RegionId,
        'USD' AS BillingCurrency, 'AWS' AS ProviderName, 'i-' || (i % 50000) AS ResourceId, 'BoxUsage:' || (i % 91) AS SkuMeter,
        CASE WHEN i % 100 = 0 THEN 'Credit' WHEN i % 101 = 0 THEN 'Tax' WHEN i % 103 = 0 THEN 'Purchase' ELSE 'Usage' END AS ChargeCategory,
        'Standard' AS PricingCategory, hour AS ChargePeriodStart, hour + INTERVAL 1 HOUR AS ChargePeriodEnd,
        sign * (hash(i) % 1000000) / 10000.0 AS BilledCost, sign * (hash(i + 1) % 100000000) / 1000000.0 AS EffectiveCost,
        sign * (hash(i) % 1000000) / 9000.0 AS ListCost, sign * (hash(i) % 1000000) / 9500.0 AS ContractedCost,
        (hash(i + 2) % 100000) / 1000.0 AS ConsumedQuantity, 'Hrs' AS ConsumedUnit, MAP {'team': 'team ' || (i % 23)} AS Tags
      FROM (SELECT i, CAST(TIMESTAMP '2026-01-01' + INTERVAL (i % 2160) HOUR AS TIMESTAMP_MS) AS hour, CASE WHEN i % 100 = 0 OR i % 997 = 0 THEN -1.0::DOUBLE ELSE 1.0::DOUBLE END AS sign
        FROM range(${at}, ${Math.min(at + ROWS_A_FILE, rows)}) AS t(i))
    ) TO '${path.join(folder, `part-${String(at).padStart(9, '0')}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`);
  connection.closeSync();
  instance.closeSync();
}

function section(results: readonly FocusResult[]): string {
  const rows = results.map(({ rows, sourceMs, engineMs, firstMs, sourceMb, engineMb }) => [
    formatWhole(rows),
    `${sourceMs.toFixed(0)} ms`,
    `${engineMs.toFixed(0)} ms`,
    formatRatio(sourceMs, engineMs),
    `${firstMs.toFixed(0)} ms`,
    formatMegabytes(sourceMb),
    formatMegabytes(engineMb),
  ]);
  return [
    '### Questions about a FOCUS export',
    '',
    'Cost by service and day of an export in Parquet, and DuckDB alone with the same exact sums: gross, credits and refunds of each. Each runs in a',
    `process of its own with ${formatMegabytes(MEMORY_MB)} for the engine (\`--focus-memory-mb\`); medians. The first question also finds out what the files hold.`,
    '',
    ...markdownTable(['Rows', 'Time', 'DuckDB alone', 'Ratio', 'First question', 'Peak memory', 'DuckDB alone'], rows),
  ].join('\n');
}

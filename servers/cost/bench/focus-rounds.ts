/**
 * Measures questions about an export in a process of its own, so that its memory is known:
 *
 *   node bench/focus-rounds.ts FOLDER ROUNDS source     the source of this server
 *   node bench/focus-rounds.ts FOLDER ROUNDS engine     DuckDB alone, with the same exact sums
 *
 * It prints one line of JSON.
 */
import { performance } from 'node:perf_hooks';
import { DuckDBDecimalValue, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { BillQuestion } from '../src/bill/question.ts';
import { openFocus } from '../src/upstream/focus/open-focus.ts';

export interface FocusRounds {
  /** The first question also finds out what the files hold. */
  firstMs: number;
  /** Of each further question. */
  roundsMs: number[];
  peakMb: number;
  groups: number;
  /** Of all rows, in 1e-10: both must agree. */
  total: string;
}

export const MEMORY_MB = 1_024;

const QUESTION: BillQuestion = {
  period: { start: '2026-01-01', end: '2026-04-01' },
  granularity: 'daily',
  metric: 'effective',
  groupBy: ['service'],
  filter: undefined,
  withUsage: false,
};

const COST = 'CASE WHEN abs(EffectiveCost) < 200000 THEN EffectiveCost::DECIMAL(38,10) ELSE EffectiveCost::VARCHAR::DECIMAL(38,10) END';
const IS_CREDIT = "ChargeCategory = 'Credit'";
const IS_REFUND = "ChargeCategory IN ('Usage', 'Purchase') AND BilledCost < 0";
const PARTS = [`NOT (${IS_CREDIT} OR ${IS_REFUND})`, IS_CREDIT, IS_REFUND];

interface Asked {
  groups: number;
  total: bigint;
}

async function measure(rounds: number, ask: () => Promise<Asked>): Promise<FocusRounds> {
  const times: number[] = [];
  let last: Asked = { groups: 0, total: 0n };
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now();
    last = await ask();
    times.push(performance.now() - start);
  }
  const [firstMs = 0, ...roundsMs] = times;
  return { firstMs, roundsMs, peakMb: process.resourceUsage().maxRSS / 1_024, groups: last.groups, total: last.total.toString() };
}

async function measureSource(folder: string, rounds: number): Promise<FocusRounds> {
  const { source, close } = await openFocus({ locations: [folder], memoryMb: MEMORY_MB }, { aws: noAws });
  const result = await measure(rounds, async () => {
    const { rows } = await source.ask(QUESTION, { signal: AbortSignal.timeout(600_000), principal: { id: 'bench' } });
    return { groups: rows.length, total: rows.reduce((sum, { amounts }) => sum + amounts.gross + amounts.credits + amounts.refunds, 0n) };
  });
  await close();
  return result;
}

async function measureEngine(folder: string, rounds: number): Promise<FocusRounds> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: `${MEMORY_MB}MB` });
  const connection = await instance.connect();
  const statement = `SELECT ServiceName, CAST(CAST(ChargePeriodStart AS DATE) AS VARCHAR), ${PARTS.map((part) => `sum(CASE WHEN ${part} THEN ${COST} END)`).join(', ')} FROM read_parquet('${folder}/*.parquet')
    WHERE ChargePeriodStart >= TIMESTAMP '2026-01-01' AND ChargePeriodStart < TIMESTAMP '2026-04-01' GROUP BY ALL`;
  return measure(rounds, async () => {
    const rows = (await connection.runAndReadAll(statement)).getRows();
    return { groups: rows.length, total: rows.flatMap((row) => row.slice(2).map(units)).reduce((sum, value) => sum + value, 0n) };
  });
}

function units(value: DuckDBValue | undefined): bigint {
  return value instanceof DuckDBDecimalValue ? value.value : 0n;
}

function noAws(): never {
  throw new Error('A folder needs no AWS.');
}

const [folder, rounds, what] = process.argv.slice(2);
if (folder !== undefined && import.meta.filename === process.argv[1]) {
  const result = await (what === 'engine' ? measureEngine : measureSource)(folder, Number(rounds));
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

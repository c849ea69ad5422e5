import type { Aws } from '@fairway-mcp/aws';
import { ToolError } from '@fairway-mcp/kit';
import { DIMENSION_NAMES } from '../../bill/dimensions.ts';
import {
  type Asking,
  type BillAnswer,
  type BillQuestion,
  type BillSource,
  METRIC_NAMES,
  type Price,
  type ValuesAnswer,
  type ValuesQuestion,
} from '../../bill/question.ts';
import { formatUnits, UNITS_PER_ONE } from '../../bill/units.ts';
import { shown } from '../aws-failure.ts';
import { askTable, listValues } from '../sql/ask-table.ts';
import { Columns } from '../sql/columns.ts';
import { athena } from '../sql/dialect.ts';
import { estimatedFrom, inspectionCaveats, type MonthOfCharges, monthsOf, readInspection } from '../sql/inspection.ts';
import type { Cell } from '../sql/rows.ts';
import { identifier, type Sql, sql } from '../sql/sql.ts';
import { inspectionStatement, type Table } from '../sql/statements.ts';
import { AthenaClient, type AthenaSettings } from './athena-client.ts';

export interface AthenaSourceSettings extends AthenaSettings {
  /** The partition that holds the billing period, `2026-01`. */
  partition: string;
  usdPerTb: number;
}

/** What was read for one answer. */
class Meter {
  bytes = 0;
  usd = 0n;
}

interface Remembered<T> {
  at: number;
  value: T;
}

/** Tables change rarely, and what months look like changes with each refresh of the export. */
const TABLE_MS = 10 * 60_000;
const INSPECTION_MS = 60 * 60_000;

const BYTES_PER_TB = 1_000_000_000_000n;
/** AWS charges each query for at least this. */
const LEAST_BYTES = 10_000_000;

/** A bill in a Glue table over a FOCUS export, read with Athena. */
export class AthenaSource implements BillSource {
  readonly title: string;
  readonly isSample = false;
  readonly dimensions = DIMENSION_NAMES;
  readonly metrics = METRIC_NAMES;
  readonly #client: AthenaClient;
  readonly #settings: AthenaSourceSettings;
  readonly #now: () => number;
  #table: Remembered<Columns> | undefined;
  /** By the first billing period that was looked at. */
  readonly #inspected = new Map<string, Remembered<MonthOfCharges[]>>();

  constructor(aws: Aws, settings: AthenaSourceSettings, now: () => number = Date.now) {
    this.#client = new AthenaClient(aws, settings);
    this.#settings = settings;
    this.#now = now;
    this.title = `Athena table ${settings.database}.${settings.table}`;
  }

  /** Of the question itself: what it reads shows only afterwards. */
  priceOf(): string {
    return formatUnits(priceOf(0, this.#settings.usdPerTb));
  }

  async ask(question: BillQuestion, { signal }: Asking): Promise<BillAnswer> {
    const meter = new Meter();
    return shown(
      (async () => {
        const table = await this.#tableSince(question.period.start, signal);
        const months = await this.#inspect(table, question.period.start, meter, signal);
        const { rows, currency } = await askTable(question, table, months, (statement) => this.#run(statement, meter, signal));
        const caveats = inspectionCaveats(question, monthsOf(question.period, months), this.#today());
        return { rows, currency, ...this.#about(question.period, meter), caveats };
      })(),
    );
  }

  async values(question: ValuesQuestion, { signal }: Asking): Promise<ValuesAnswer> {
    const meter = new Meter();
    return shown(
      (async () => {
        const table = await this.#tableSince(question.period.start, signal);
        const values = await listValues(question, table, (statement) => this.#run(statement, meter, signal));
        return { values, ...this.#about(question.period, meter), caveats: [] };
      })(),
    );
  }

  /** Whether the table can be described: free, unlike a question. @throws ToolError */
  async look(signal: AbortSignal): Promise<void> {
    await shown(this.#columns(signal));
  }

  /** Later billing periods correct earlier days, so that there is no end. */
  async #tableSince(day: string, signal: AbortSignal): Promise<Table> {
    const { database, table, partition } = this.#settings;
    const columns = await this.#columns(signal);
    const always = sql`${identifier(partition.toLowerCase())} >= ${day.slice(0, 7)}`;
    return { from: sql`${identifier(database)}.${identifier(table)}`, columns, dialect: athena, always };
  }

  async #columns(signal: AbortSignal): Promise<Columns> {
    if (this.#table !== undefined && this.#now() - this.#table.at < TABLE_MS) return this.#table.value;
    const { columns, partitions } = await this.#client.describeTable(signal);
    if (!partitions.some(([name]) => name.toLowerCase() === this.#settings.partition.toLowerCase())) throw this.#withoutPartition();
    const value = new Columns(`The ${this.title}`, columns);
    this.#table = { at: this.#now(), value };
    return value;
  }

  async #inspect(table: Table, day: string, meter: Meter, signal: AbortSignal): Promise<MonthOfCharges[]> {
    const first = day.slice(0, 7);
    const known = [...this.#inspected].find(([from, { at }]) => from <= first && this.#now() - at < INSPECTION_MS)?.[1];
    if (known !== undefined) return known.value;
    const value = readInspection(await this.#run(inspectionStatement(table), meter, signal));
    this.#inspected.set(first, { at: this.#now(), value });
    return value;
  }

  async #run(statement: Sql, meter: Meter, signal: AbortSignal): Promise<Cell[][]> {
    const { rows, bytesScanned } = await this.#client.query(statement, signal);
    meter.bytes += bytesScanned;
    meter.usd += priceOf(bytesScanned, this.#settings.usdPerTb);
    return rows;
  }

  #about(period: BillQuestion['period'], { bytes, usd }: Meter): Pick<BillAnswer, 'asOf' | 'price' | 'estimatedFrom'> {
    const price: Price = { pages: 0, bytesScanned: bytes, usd: formatUnits(usd) };
    return { ...estimatedFrom(period, this.#today()), asOf: new Date(this.#now()).toISOString(), price };
  }

  #today(): string {
    return new Date(this.#now()).toISOString().slice(0, 10);
  }

  #withoutPartition(): ToolError {
    const { database, table, partition } = this.#settings;
    return new ToolError({
      kind: 'upstream_rejected',
      message: `The table ${database}.${table} has no partition ${partition}: every question would read and pay for the whole table.`,
      remedy: 'Let the operator name the partition of the billing period with --athena-partition, or partition the table by it.',
    });
  }
}

/** Rounded up to 1e-10 USD. */
function priceOf(bytes: number, usdPerTb: number): bigint {
  const unitsPerTb = BigInt(Math.round(usdPerTb * Number(UNITS_PER_ONE)));
  return (BigInt(Math.max(bytes, LEAST_BYTES)) * unitsPerTb + BYTES_PER_TB - 1n) / BYTES_PER_TB;
}

import { ToolError } from '@fairway-mcp/kit';
import { DIMENSION_NAMES } from '../../bill/dimensions.ts';
import { FREE } from '../../bill/price.ts';
import {
  type Asking,
  type BillAnswer,
  type BillQuestion,
  type BillSource,
  METRIC_NAMES,
  type ValuesAnswer,
  type ValuesQuestion,
} from '../../bill/question.ts';
import { shown } from '../aws-failure.ts';
import { askTable, dimensionsOf, listValues } from '../sql/ask-table.ts';
import { estimatedFrom, inspectionCaveats, type MonthOfCharges, monthsOf, readInspection } from '../sql/inspection.ts';
import { inspectionStatement, METRIC_COLUMNS, PERIOD_COLUMN } from '../sql/statements.ts';
import type { DataFile } from './data-file.ts';
import type { Engine } from './engine.ts';
import type { Snapshot, Snapshots } from './snapshot.ts';
import { type FileTable, filesWithout, gapOf, Tables } from './tables.ts';

export interface FocusOptions {
  /** One for each export: of several clouds, say. */
  exports: readonly Snapshots[];
  /** For users: `FOCUS export s3://bills/focus`. */
  title: string;
  engine: Engine;
  now: () => number;
}

/** What was asked, and what it was asked of. */
interface Reading {
  table: FileTable;
  months: readonly MonthOfCharges[];
}

/** How often a question is asked again because files changed while they were read. */
const ATTEMPTS = 3;

/** A bill in files as FOCUS describes them, read with DuckDB. */
export class FocusSource implements BillSource {
  readonly title: string;
  readonly isSample = false;
  readonly dimensions = DIMENSION_NAMES;
  readonly metrics = METRIC_NAMES;
  readonly #options: FocusOptions;
  readonly #tables: Tables;
  /** By the versions of all files of a period. */
  readonly #inspected = new Map<string, MonthOfCharges[]>();

  constructor(options: FocusOptions) {
    this.#options = options;
    this.title = options.title;
    this.#tables = new Tables(options.engine);
  }

  priceOf(): string {
    return '0';
  }

  async ask(question: BillQuestion, { signal }: Asking): Promise<BillAnswer> {
    return this.#read(question.period, signal, async ({ table, months }) => {
      checkColumns(question, table);
      const hasRefunds = monthsOf(question.period, months).some(({ refunds }) => refunds > 0);
      const { rows, currency } = await askTable(question, { ...table, hasRefunds }, months, (statement) =>
        this.#options.engine.query(statement, signal),
      );
      const gaps = dimensionsOf(question).flatMap((dimension) => gapOf(dimension, table) ?? []);
      const caveats = [...gaps, ...inspectionCaveats(question, monthsOf(question.period, months), this.#today())];
      return { rows, currency, caveats };
    });
  }

  async values(question: ValuesQuestion, { signal }: Asking): Promise<ValuesAnswer> {
    return this.#read(question.period, signal, async ({ table }) => {
      const values = await listValues(question, table, (statement) => this.#options.engine.query(statement, signal));
      return { values, caveats: [gapOf(question.dimension, table)].filter((gap) => gap !== undefined) };
    });
  }

  /** Reads once more when files were changed meanwhile: what came of them is neither the old bill nor the new one. */
  async #read<T extends { caveats: readonly string[] }>(
    period: BillQuestion['period'],
    signal: AbortSignal,
    work: (reading: Reading) => Promise<T>,
  ): Promise<T & Pick<BillAnswer, 'asOf' | 'price' | 'estimatedFrom'>> {
    for (let attempt = 1; ; attempt += 1) {
      const snapshots = await this.#snapshots(period.start, signal);
      const outcome = await this.#attempt(snapshots, signal, work).then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      signal.throwIfAborted();
      if (!(await this.#isUnchanged(snapshots)) && attempt < ATTEMPTS) continue;
      if ('error' in outcome) throw outcome.error;
      const { value } = outcome;
      const asOf = new Date(Math.min(...snapshots.map(({ at }) => at))).toISOString();
      return {
        ...value,
        ...estimatedFrom(period, this.#today()),
        asOf,
        price: FREE,
        caveats: [...snapshots.flatMap((one) => one.caveats), ...value.caveats],
      };
    }
  }

  async #attempt<T>(snapshots: readonly Snapshot[], signal: AbortSignal, work: (reading: Reading) => Promise<T>): Promise<T> {
    const files = snapshots.flatMap((snapshot) => snapshot.files);
    const table = await this.#tables.of(`The ${this.title}`, files, signal);
    return work({ table, months: await this.#inspect(table, signal) });
  }

  #snapshots(day: string, signal: AbortSignal): Promise<Snapshot[]> {
    return shown(Promise.all(this.#options.exports.map((one) => one.since(day, signal))));
  }

  async #isUnchanged(snapshots: readonly Snapshot[]): Promise<boolean> {
    const checks = await Promise.all(snapshots.map((snapshot, index) => this.#options.exports[index]?.verify(snapshot)));
    return !checks.includes(false);
  }

  /** Once for each version of a period's files: months that are closed are not looked through again. */
  async #inspect({ files, columns }: FileTable, signal: AbortSignal): Promise<MonthOfCharges[]> {
    const sets = [...Map.groupBy(files, ({ period }) => period ?? '').values()];
    const found: MonthOfCharges[] = [];
    const keys = sets.map((set) => set.map(({ id }) => id).join('\n'));
    for (const [index, set] of sets.entries()) found.push(...(await this.#inspectSet(keys[index] ?? '', set, columns.title, signal)));
    for (const key of this.#inspected.keys()) if (!keys.includes(key) && this.#inspected.size > MAX_INSPECTED) this.#inspected.delete(key);
    return found;
  }

  async #inspectSet(key: string, set: readonly DataFile[], title: string, signal: AbortSignal): Promise<MonthOfCharges[]> {
    const known = this.#inspected.get(key);
    if (known !== undefined) return known;
    const table = await this.#tables.of(title, set, signal);
    const found = readInspection(await this.#options.engine.query(inspectionStatement(table), signal));
    this.#inspected.set(key, found);
    return found;
  }

  #today(): string {
    return new Date(this.#options.now()).toISOString().slice(0, 10);
  }
}

const MAX_INSPECTED = 200;

/** Columns without which a sum would be too low, silently, in any of the files. @throws ToolError that names column and files */
function checkColumns(question: BillQuestion, table: FileTable): void {
  const needed = [PERIOD_COLUMN, 'ChargeCategory', 'BillingCurrency', 'BilledCost', METRIC_COLUMNS[question.metric]];
  for (const column of [...needed, ...(question.withUsage ? ['ConsumedQuantity', 'ConsumedUnit'] : [])]) {
    const without = filesWithout(column, table);
    if (without.length === 0) continue;
    throw new ToolError({
      kind: 'invalid_input',
      message: `The column ${column} is missing in ${without.length === table.files.length ? table.columns.title.replace(/^The/, 'the') : without.slice(0, 3).join(', ')}.`,
      remedy: 'Ask for another metric, or let the export contain the column and export the periods again.',
    });
  }
}

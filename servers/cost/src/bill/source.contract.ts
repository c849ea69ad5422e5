import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerFrom, byTimeAndKeys, valuesFrom } from './answer-from.ts';
import { type Askable, filtersOf, questionsAbout } from './bill.arbitraries.ts';
import type { Charge } from './charge.ts';
import { addDays, countDays } from './days.ts';
import type { Amounts, Asking, BillAnswer, BillQuestion, BillRow, BillSource } from './question.ts';

export interface OpenSource {
  source: BillSource;
  /** What the source's bill consists of. */
  charges: readonly Charge[];
  close?(): Promise<void> | void;
}

export interface SourceContractOptions extends Partial<Askable> {
  /** Once, before all tests. */
  open(): Promise<OpenSource> | OpenSource;
  /** Tags and cost categories that questions use besides the source's own dimensions. */
  named?: readonly Askable['dimensions'][number][];
  /** How many random questions each test asks. Default 50. */
  runs?: number;
}

/**
 * What every source of a bill does: it answers any question as {@link answerFrom} does from the same charges, to the last digit, and its
 * answers keep the laws of addition. Questions that a source may refuse are left out by the options.
 */
export function sourceContract(name: string, options: SourceContractOptions): void {
  describe(`${name} as a source`, () => {
    const bench = new ContractBench(options);
    beforeAll(() => bench.open());
    afterAll(() => bench.close());
    describeAnswers(bench);
    describeLaws(bench);
  });
}

function asking(): Asking {
  return { signal: AbortSignal.timeout(120_000), principal: { id: 'contract' } };
}

class ContractBench {
  readonly #options: SourceContractOptions;
  #opened: OpenSource | undefined;

  constructor(options: SourceContractOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#opened = await this.#options.open();
  }

  async close(): Promise<void> {
    await this.#opened?.close?.();
  }

  get opened(): OpenSource {
    if (this.#opened === undefined) throw new Error('The source is not open.');
    return this.#opened;
  }

  get askable(): Askable {
    const { source } = this.opened;
    return { metrics: source.metrics, ...this.#options, dimensions: [...source.dimensions, ...(this.#options.named ?? [])] };
  }

  ask(question: BillQuestion): Promise<BillAnswer> {
    return this.opened.source.ask(question, asking());
  }

  async each(check: (question: BillQuestion) => Promise<void>, changed: Partial<Askable> = {}): Promise<void> {
    const questions = questionsAbout(this.opened.charges, { ...this.askable, ...changed });
    await fc.assert(fc.asyncProperty(questions, check), { numRuns: this.#options.runs ?? 50 });
  }
}

function describeAnswers(bench: ContractBench): void {
  it('answers random questions as the charges say, to the last digit', async () => {
    await bench.each(async (question) => {
      const { rows } = await bench.ask(question);
      expect(rows.toSorted(byTimeAndKeys)).toEqual(answerFrom(bench.opened.charges, question).rows);
    });
  });

  it('names the values of each dimension', async () => {
    const { charges, source } = bench.opened;
    const period = bench.askable.period ?? wholePeriod(charges);
    for (const dimension of bench.askable.dimensions) {
      const question = { period, dimension, search: undefined };
      const { values } = await source.values(question, asking());
      expect(values.map(({ value }) => value).toSorted(), dimension).toEqual(valuesFrom(charges, question));
    }
  });
}

function describeLaws(bench: ContractBench): void {
  it('has groups that add up to the total', async () => {
    await bench.each(async (question) => {
      const [grouped, total] = await Promise.all([bench.ask(question), bench.ask({ ...question, groupBy: [] })]);
      expect(sumByStart(grouped.rows)).toEqual(sumByStart(total.rows));
    });
  });

  it('has parts of a period that add up to the whole', async () => {
    await bench.each(async (asked) => {
      const question = { ...asked, granularity: 'total' as const };
      const days = countDays(question.period);
      if (days < 2) return;
      const middle = addDays(question.period.start, Math.floor(days / 2));
      const parts = [
        { start: question.period.start, end: middle },
        { start: middle, end: question.period.end },
      ];
      const answers = await Promise.all(parts.map((period) => bench.ask({ ...question, period })));
      expect(sumByKeys(answers.flatMap(({ rows }) => rows))).toEqual(sumByKeys((await bench.ask(question)).rows));
    });
  });

  it('does not care in which order it groups', async () => {
    await bench.each(async (question) => {
      const reversed = await bench.ask({ ...question, groupBy: question.groupBy.toReversed() });
      const back = reversed.rows.map((row) => ({ ...row, keys: row.keys.toReversed() }));
      expect(back.toSorted(byTimeAndKeys)).toEqual((await bench.ask(question)).rows.toSorted(byTimeAndKeys));
    });
  });

  it('has amounts of a filter and of its opposite that add up to everything', async () => {
    const { charges } = bench.opened;
    const filters = fc.sample(filtersOf(charges, bench.askable.dimensions), 10);
    let next = 0;
    await bench.each(async (asked) => {
      const filter = filters[next++ % filters.length];
      if (filter === undefined) return;
      const question = { ...asked, filter };
      const both = await Promise.all([bench.ask(question), bench.ask({ ...question, filter: { kind: 'not', of: filter } })]);
      const all = await bench.ask({ ...question, filter: undefined });
      expect(sumByKeys(both.flatMap(({ rows }) => rows))).toEqual(sumByKeys(all.rows));
    });
  });

  it('has credits and refunds in groups of their own, and in no other', async () => {
    if (!bench.opened.source.dimensions.includes('charge')) return;
    await bench.each(async (question) => {
      const { rows } = await bench.ask({ ...question, groupBy: ['charge'] });
      for (const { keys, amounts } of rows) {
        if (keys[0] !== 'credit') expect(amounts.credits).toBe(0n);
        if (keys[0] !== 'refund') expect(amounts.refunds).toBe(0n);
        if (keys[0] === 'credit' || keys[0] === 'refund') expect(amounts.gross).toBe(0n);
      }
    });
  });
}

function wholePeriod(charges: readonly Charge[]): BillQuestion['period'] {
  const days = charges.map(({ chargePeriodStart }) => chargePeriodStart).toSorted();
  return { start: days.at(0) ?? '2026-01-01', end: addDays(days.at(-1) ?? '2026-01-01', 1) };
}

function sumByStart(rows: readonly BillRow[]): [string, Amounts][] {
  return sumBy(rows, ({ start }) => start);
}

function sumByKeys(rows: readonly BillRow[]): [string, Amounts][] {
  return sumBy(rows, ({ keys }) => JSON.stringify(keys.map((key) => key ?? null)));
}

/** Sums of which all parts are zero are left out, as rows are. */
function sumBy(rows: readonly BillRow[], keyOf: (row: BillRow) => string): [string, Amounts][] {
  const sums = new Map<string, Amounts>();
  for (const row of rows) {
    const sum = sums.get(keyOf(row)) ?? { gross: 0n, credits: 0n, refunds: 0n };
    sum.gross += row.amounts.gross;
    sum.credits += row.amounts.credits;
    sum.refunds += row.amounts.refunds;
    sums.set(keyOf(row), sum);
  }
  const isSomething = ({ gross, credits, refunds }: Amounts) => gross !== 0n || credits !== 0n || refunds !== 0n;
  return [...sums].filter(([, sum]) => isSomething(sum)).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

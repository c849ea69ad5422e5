import { type Priced, priceOf } from '@fairway-mcp/aws-billing';
import { ToolError } from '@fairway-mcp/kit';
import { byTimeAndKeys } from '../../bill/answer-from.ts';
import { addDays, addMonths } from '../../bill/days.ts';
import { conditionsOf } from '../../bill/filter.ts';
import type { Asking, BillAnswer, BillQuestion, BillRow, BillSource, Price, ValuesAnswer, ValuesQuestion } from '../../bill/question.ts';
import { toToolError } from '../aws/failures.ts';
import { type AccountBill, type AccountQuestion, dimensionsOf, usesResources } from './account-bill.ts';
import { leastPages } from './combine.ts';
import { mergeRows } from './merge.ts';
import { ofStoredRow, type StoredAnswer } from './stored.ts';
import { KNOWN_DIMENSIONS, type KnownMetric, kindOf, METRICS, type Term, termOf } from './terms.ts';
import type { RawValue } from './values.ts';
import { filteredValues, mayHideWrongValue, namesOf, wrongValueCaveats } from './wrong-values.ts';

/** How many days back Cost Explorer knows the costs of single resources. */
const RESOURCE_DAYS = 14;

export interface CostExplorerSourceOptions {
  /** One for each account that is asked, side by side. */
  bills: readonly AccountBill[];
  now(): Date;
}

/** A bill as Cost Explorer tells it, which charges for each page. Several accounts are added up; one that fails is named. */
export function createCostExplorerSource({ bills, now }: CostExplorerSourceOptions): BillSource {
  return {
    title: `Cost Explorer of ${bills.map(({ connection }) => connection.title).join(', ')}`,
    isSample: false,
    dimensions: [...KNOWN_DIMENSIONS, 'provider'],
    metrics: Object.keys(METRICS) as KnownMetric[],
    priceOf: (question) => priceOf(leastPages(dimensionsOf(question).length) * bills.length),

    async ask(question, asking) {
      const asked = answerable(question, now());
      const own = await ownBills(bills, asking, now());
      const answers = await askAll(own.bills, asking, (bill) => askAndCheck(bill, asked, asking));
      return toAnswer(answers, question, own);
    },

    async values(question, asking) {
      const term = valuesTerm(question);
      const own = await ownBills(bills, asking, now());
      const answers = await askAll(own.bills, asking, (bill) => bill.values(question.period, term, asking));
      return toValues(answers, question, own);
    },
  };
}

/** @throws ToolError for what Cost Explorer cannot be asked */
function answerable(question: BillQuestion, now: Date): AccountQuestion {
  const { metric, groupBy, period } = question;
  if (!Object.hasOwn(METRICS, metric))
    throw refused(`Cost Explorer does not know ${metric} cost.`, 'Ask for effective or billed cost, or set up a FOCUS export.');
  const unknown = groupBy.find((dimension) => dimension !== 'provider' && termOf(dimension) === undefined);
  if (unknown !== undefined)
    throw refused(
      `Cost Explorer does not group by ${unknown}.`,
      `It groups by ${KNOWN_DIMENSIONS.join(', ')}, tag:KEY and cost_category:NAME.`,
    );
  if (conditionsOf(question.filter).some(({ dimension }) => dimension === 'currency'))
    throw refused('Cost Explorer does not filter by currency.', 'Filter by account to those of one currency.');
  const earliest = addDays(now.toISOString().slice(0, 10), -RESOURCE_DAYS);
  if (usesResources(question) && period.start < earliest)
    throw refused(
      `Cost Explorer knows the costs of single resources for the last ${RESOURCE_DAYS} days only.`,
      `Begin the period on ${earliest} or later. A FOCUS export as source answers by resource over any period.`,
    );
  return { ...question, metric: metric as KnownMetric };
}

function refused(message: string, remedy: string): ToolError {
  return new ToolError({ kind: 'invalid_input', message, remedy });
}

interface Own {
  bills: readonly AccountBill[];
  pages: number;
  caveats: readonly string[];
}

/**
 * Without accounts that another one's bill contains: with the credentials of a management account and of a member, the member's costs would
 * be counted twice. An account that fails here is found out, and named, by the question itself.
 */
async function ownBills(bills: readonly AccountBill[], asking: Asking, now: Date): Promise<Own> {
  if (bills.length < 2) return { bills, pages: 0, caveats: [] };
  const today = now.toISOString().slice(0, 10);
  const period = { start: addMonths(today, -12), end: addDays(today, 1) };
  const found = await Promise.all(
    bills.map(async (bill) => {
      const { aws, account } = bill.connection;
      try {
        const [identity, linked] = await Promise.all([
          aws.identity(asking.signal, account),
          bill.values(period, { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' }, asking),
        ]);
        return { bill, id: identity.account, pages: linked.pages, linked: linked.value.map(({ value }) => value) };
      } catch {
        asking.signal.throwIfAborted();
        return { bill, id: undefined, pages: 0, linked: [] as string[] };
      }
    }),
  );
  const contained = found.filter((one, index) =>
    found.some(
      (other, position) =>
        position !== index && one.id !== undefined && (other.id === one.id ? position < index : other.linked.includes(one.id)),
    ),
  );
  return {
    bills: bills.filter((bill) => !contained.some((one) => one.bill === bill)),
    pages: found.reduce((sum, { pages }) => sum + pages, 0),
    caveats: contained.map(({ bill }) => `The costs of ${bill.connection.title} are part of another account's bill and counted there.`),
  };
}

interface Checked extends Priced<StoredAnswer> {
  caveats: readonly string[];
}

/** Cost Explorer answers to a wrong value of a filter with nothing, so that values are looked up where one may be wrong. */
async function askAndCheck(bill: AccountBill, question: AccountQuestion, asking: Asking): Promise<Checked> {
  const answer = await bill.ask(question, asking);
  if (answer.value.rows.length > 0 && !mayHideWrongValue(question.filter)) return { ...answer, caveats: [] };
  const caveats: string[] = [];
  let { pages } = answer;
  for (const [dimension, values] of filteredValues(question.filter)) {
    const term = termOf(dimension);
    if (term === undefined) continue;
    try {
      const known = await bill.values(question.period, term, asking);
      pages += known.pages;
      caveats.push(...wrongValueCaveats(dimension, values, known.value));
    } catch {
      asking.signal.throwIfAborted();
      caveats.push(`Whether the bill knows the values of ${dimension} in the filter could not be checked.`);
    }
  }
  return { ...answer, pages, caveats };
}

interface CheckedAnswers {
  answers: readonly { bill: AccountBill; answer: Checked }[];
  caveats: readonly string[];
}

interface Asked<T> {
  bill: AccountBill;
  answer: Priced<T>;
}

interface AllAsked<T> {
  answers: readonly Asked<T>[];
  /** Of accounts that failed. */
  caveats: readonly string[];
}

/** @throws ToolError when all fail */
async function askAll<T, A extends Priced<T>>(
  bills: readonly AccountBill[],
  { signal }: Asking,
  ask: (bill: AccountBill) => Promise<A>,
): Promise<{ answers: { bill: AccountBill; answer: A }[]; caveats: readonly string[] }> {
  const outcomes = await Promise.allSettled(bills.map(async (bill) => ({ bill, answer: await ask(bill) })));
  signal.throwIfAborted();
  const answers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failures = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [toToolError(outcome.reason, bills[index]?.connection.title ?? 'an account')] : [],
  );
  if (answers.length === 0) throw failures[0];
  return { answers, caveats: failures.map(failureCaveat) };
}

function failureCaveat(failure: unknown): string {
  if (!(failure instanceof ToolError)) throw failure;
  return `Costs are missing: ${failure.message} ${failure.remedy}`;
}

function toAnswer({ answers, caveats }: CheckedAnswers, question: BillQuestion, own: Own): BillAnswer {
  const currencies = [...new Set(answers.flatMap(({ answer }) => answer.value.currencies))];
  if (currencies.length > 1)
    throw refused(
      `The accounts are billed in ${currencies.join(' and ')}, which cannot be added.`,
      'Filter by account to those of one currency.',
    );
  const rows: readonly BillRow[] = mergeRows(answers.map(({ answer }) => answer.value.rows.map(ofStoredRow)));
  const [estimated] = answers.flatMap(({ answer }) => answer.value.estimatedFrom ?? []).toSorted();
  const { start } = question.period;
  return {
    rows: rows.toSorted(byTimeAndKeys),
    currency: currencies[0] ?? 'USD',
    ...(estimated !== undefined && { estimatedFrom: laterOf(start, estimated) }),
    ...about(answers, own),
    caveats: [...own.caveats, ...caveats, ...agreedCaveats(answers.map(({ answer }) => answer.caveats))],
  };
}

/** A value that one account does not know is wrong only if none knows it. */
function agreedCaveats(lists: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = lists;
  return first.filter((caveat) => others.every((list) => list.some((other) => other.split('"', 2).join() === caveat.split('"', 2).join())));
}

function about(answers: readonly Asked<unknown>[], own: Own): { asOf: string; price: Price } {
  const pages = answers.reduce((sum, { answer }) => sum + answer.pages, own.pages);
  const oldest = Math.min(...answers.map(({ answer }) => answer.storedAt));
  return { asOf: new Date(oldest).toISOString(), price: { pages, bytesScanned: 0, usd: priceOf(pages) } };
}

function valuesTerm({ dimension }: ValuesQuestion): Term {
  const term = termOf(dimension);
  if (term !== undefined && dimension !== 'resource') return term;
  if (dimension === 'provider') return { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' };
  throw refused(`Cost Explorer cannot list the values of ${dimension}.`, 'Ask get_cost_and_usage grouped by it, or set up a FOCUS export.');
}

function toValues({ answers, caveats }: AllAsked<readonly RawValue[]>, question: ValuesQuestion, own: Own): ValuesAnswer {
  const { dimension, search } = question;
  const known = answers.flatMap(({ answer }) => answer.value);
  const names = new Map(known.flatMap(({ value, name }) => (name === undefined ? [] : [[value, name] as const])));
  const wanted = search?.toLowerCase() ?? '';
  const values = valuesOf(question, known)
    .map((value) => ({ value, name: names.get(value) }))
    .filter(({ value, name = '' }) => `${value}\n${name}`.toLowerCase().includes(wanted))
    .map(({ value, name }) => (name === undefined || dimension !== 'account' ? { value } : { value, name }));
  return { values, ...about(answers, own), caveats: [...own.caveats, ...caveats] };
}

function valuesOf({ dimension }: ValuesQuestion, known: readonly RawValue[]): string[] {
  if (dimension === 'provider') return known.length === 0 ? [] : ['AWS'];
  if (dimension !== 'charge') return namesOf(dimension, known).toSorted();
  // A fee counts as purchase by billed cost and as usage, of what nobody used, by effective cost.
  const kinds = known.flatMap(({ value }) => [kindOf(value, 'billed'), kindOf(value, 'effective')]);
  return [...new Set<string>(kinds)].toSorted();
}

function laterOf(...days: string[]): string {
  return days.toSorted().at(-1) ?? '';
}

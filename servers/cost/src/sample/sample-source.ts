import { BILL_NOW, type Bill, type BillOptions, generateBill } from '@fairway-mcp/aws-sample';
import { ToolError } from '@fairway-mcp/kit';
import { answerFrom, SeveralCurrencies, valuesFrom } from '../bill/answer-from.ts';
import { DIMENSION_NAMES } from '../bill/dimensions.ts';
import { FREE } from '../bill/price.ts';
import { type BillAnswer, type BillSource, METRIC_NAMES } from '../bill/question.ts';

/** A source of a generated bill: the same options give the same answers. No network, no clock. */
export interface SampleSource extends BillSource {
  /** The present of the bill. */
  readonly now: Date;
  /** Generated at the first use. */
  bill(): Bill;
}

export function createSampleSource(options: BillOptions): SampleSource {
  let made: Bill | undefined;
  const bill = () => {
    made ??= generateBill(options);
    return made;
  };
  const about = (): Pick<BillAnswer, 'asOf' | 'estimatedFrom' | 'price' | 'caveats'> => {
    const { now } = bill();
    return { asOf: now, estimatedFrom: now.slice(0, 10), price: FREE, caveats: [] };
  };
  return {
    title: 'a made-up organization',
    isSample: true,
    now: new Date(BILL_NOW),
    dimensions: DIMENSION_NAMES,
    metrics: METRIC_NAMES,
    bill,
    priceOf: () => '0',
    async ask(question) {
      const { rows, currency = 'USD' } = refusingMixes(() => answerFrom(bill().charges, question));
      return { rows, currency, ...namesIn(question.groupBy, bill()), ...about() };
    },
    async values(question) {
      const names = new Map(question.dimension === 'account' ? bill().organization.accounts.map(({ id, name }) => [id, name]) : []);
      const found = valuesFrom(bill().charges, { ...question, search: undefined }).map((value) => ({ value, name: names.get(value) }));
      const search = question.search?.toLowerCase() ?? '';
      const values = found
        .filter(({ value, name = '' }) => `${value}\n${name}`.toLowerCase().includes(search))
        .map(({ value, name }) => (name === undefined ? { value } : { value, name }));
      return { values, ...about() };
    },
  };
}

/** Names are of use only where accounts are shown. */
function namesIn(groupBy: readonly string[], { organization }: Bill): Pick<BillAnswer, 'accountNames'> {
  return groupBy.includes('account') ? { accountNames: new Map(organization.accounts.map(({ id, name }) => [id, name])) } : {};
}

function refusingMixes<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SeveralCurrencies)) throw error;
    throw new ToolError({ kind: 'invalid_input', message: error.message, remedy: 'Filter by currency.' });
  }
}

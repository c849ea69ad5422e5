import type { Asking, Price } from '../bill/question.ts';
import type { Units } from '../bill/units.ts';

/** What is asked beside the bill itself: what comes, what is unusual, what could be saved, what is planned. */
export interface Planning {
  /** For users. */
  readonly title: string;
  readonly isSample: boolean;
  /** @throws ToolError, as all of these */
  forecast(question: ForecastQuestion, asking: Asking): Promise<Told<Forecast>>;
  anomalies(period: Period, asking: Asking): Promise<Told<readonly Anomaly[]>>;
  coverage(period: Period, asking: Asking): Promise<Told<readonly Coverage[]>>;
  rightsizing(asking: Asking): Promise<Told<readonly Saving[]>>;
  budgets(asking: Asking): Promise<Told<readonly Budget[]>>;
  spend(asking: Asking): Promise<SpendReport>;
}

/** Whole UTC days; the end is exclusive. */
export interface Period {
  start: string;
  end: string;
}

/** An answer, and what has to be said about it. */
export interface Told<T> {
  value: T;
  currency: string;
  /** When the upstream was read (ISO instant). */
  asOf: string;
  price: Price;
  caveats: readonly string[];
}

export interface ForecastQuestion {
  metric: 'effective' | 'billed';
  /** Months to tell, the current one included. */
  months: number;
}

/** An expected amount, and the interval in which the real one will be in four of five cases. */
export interface Expected {
  expected: Units;
  low: Units;
  high: Units;
}

export interface Forecast {
  /** What the current month has cost up to yesterday, before credits and refunds, like all amounts here. */
  actual: Units;
  /** The current month in total. */
  monthEnd: Expected;
  /** Each from its first day; the current month only from today on. */
  months: readonly (Expected & { start: string })[];
  /** The rest of the current month. Their bounds do not add up to those of the month. */
  days: readonly (Expected & { start: string })[];
}

export interface Anomaly {
  id: string;
  start: string;
  /** The last day of it; absent while it goes on. */
  lastDay: string | undefined;
  /** What was spent beyond what was expected. */
  impact: Units;
  actual: Units | undefined;
  expected: Units | undefined;
  /** The causes, the greatest first. */
  causes: readonly { service?: string; account?: string; region?: string; usageType?: string; impact: Units | undefined }[];
}

/** Commitments of one kind, or reservations of one service. */
export interface Coverage {
  kind: 'savings_plans' | 'reservations';
  /** Of reservations. */
  service: string | undefined;
  /** What of the usage that commitments can cover they cover, in percent of its cost at on-demand prices; of its hours for reservations. */
  coveredPercent: number | undefined;
  /** What of the commitments was used, in percent. */
  usedPercent: number | undefined;
  /** Paid for and not used. */
  unused: Units | undefined;
  /** Paid at on-demand prices, and not covered. */
  onDemand: Units | undefined;
  /** What the commitments have saved, after their own cost. */
  netSavings: Units | undefined;
}

export interface Saving {
  account: string;
  region: string | undefined;
  /** Id or ARN. */
  resource: string;
  resourceType: string;
  action: string;
  current: string | undefined;
  recommended: string | undefined;
  /** In 30 days. */
  monthlySaving: Units;
  /** Who recommends it; both where they agree on the resource. */
  sources: readonly string[];
}

export interface Budget {
  account: string;
  name: string;
  limit: Units;
  actual: Units;
  forecast: Units | undefined;
  currency: string;
  /** `MONTHLY`, `QUARTERLY`, … */
  timeUnit: string;
  /** The first day on which the limit is expected to be exceeded, in the current month. */
  breachDate: string | undefined;
}

export interface SpendReport {
  /** In pages of $0.01, today and this month. */
  server: { today: number; month: number };
  caller: { today: number; month: number };
  /** The most of a day, in USD. */
  limits: { server: number; caller: number };
}

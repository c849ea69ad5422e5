/** What charts are drawn from, and what a drawing tells besides its picture. Amounts are decimal strings: '-1234.56'. */

/** The words around a chart. */
export interface Caption {
  /** What the chart shows, as a finding: "Spend rose 18 % in a week". */
  title: string;
  /** The number behind the title, with its period. */
  subtitle: string;
  /** Where the data comes from. */
  source: string;
  /** What was measured: "net amortized cost". */
  metric: string;
  /** The zone that days begin in: "UTC". */
  timeZone: string;
  /** ISO 4217, of every amount in the chart. */
  currency: string;
}

/** What the names of a chart stand for ("tag value"): a name that the font cannot show is drawn as "tag value 1". */
interface Named {
  noun: string;
}

export interface StackedSeriesData extends Caption, Named {
  /** Ascending days (2026-11-03) or months (2026-11). One that is missing in between is drawn as a gap. At most 400. */
  dates: readonly string[];
  /** Any number, in any order, with one amount for each date; null where there is no data. */
  series: readonly { name: string; amounts: readonly (string | null)[] }[];
  /** The first date whose costs are still arriving. */
  incompleteFrom?: string | undefined;
}

export interface WaterfallData extends Caption, Named {
  start: LabelledAmount;
  /** Any number, in any order. What they leave unexplained of the difference between end and start becomes a bar of its own. */
  parts: readonly LabelledAmount[];
  end: LabelledAmount;
}

export interface ForecastBandData extends Caption {
  /** Ascending dates, as those of a stacked series. Amounts are drawn as they are: for a month's total, add them up first. */
  actual: readonly { date: string; amount: string }[];
  /** Later dates, each with an interval around the expected amount. */
  forecast: readonly { date: string; low: string; expected: string; high: string }[];
  budget?: LabelledAmount | undefined;
  /** The first date whose costs are still arriving. */
  incompleteFrom?: string | undefined;
}

export interface LabelledAmount {
  label: string;
  amount: string;
}

/** A chart as SVG text, and what the text of an answer has to say because the picture does not. */
export interface Drawing {
  svg: string;
  /** Names with characters that the embedded font lacks, and what is drawn in their place. */
  renamed: readonly Renamed[];
  /** The small ones that share one place in the picture. */
  other?: Other | undefined;
}

export interface Renamed {
  name: string;
  label: string;
}

export interface Other {
  label: string;
  /** By size, the largest first. */
  members: readonly string[];
  /** Their exact sum. */
  amount: string;
}

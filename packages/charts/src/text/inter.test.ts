import fs from 'node:fs';
import { createRequire } from 'node:module';
import * as fontkit from 'fontkit';
import { expect, it } from 'vitest';

const require = createRequire(import.meta.url);
/** Characters that have a glyph but draw nothing: spaces without width, and what marks the order of bytes. */
const INVISIBLE = new Set([0x0000, 0x000d, 0x200b, 0xfeff, 0xfffc, 0xffff]);

/** `32 576 650;65 …`: each run of consecutive code points, its first one and then the advance widths, in units of the font. */
function advances(...files: readonly string[]): string {
  const widths = new Map<number, number>();
  for (const file of files) {
    const font = fontkit.create(fs.readFileSync(require.resolve(`@fontsource/inter/files/inter-${file}-normal.woff2`)));
    if (!('characterSet' in font)) throw new Error('This is a collection of fonts.');
    for (const point of font.characterSet.filter((one) => !INVISIBLE.has(one)))
      widths.set(point, font.glyphForCodePoint(point).advanceWidth);
  }
  const runs: number[][] = [];
  let next = -1;
  for (const [point, width] of [...widths].sort(([one], [other]) => one - other)) {
    if (point !== next) runs.push([point]);
    runs.at(-1)?.push(Math.round(width));
    next = point + 1;
  }
  return runs.map((run) => run.join(' ')).join(';');
}

it('the table of widths says what the embedded font says (`vitest -u` writes it again after an update of the font)', async () => {
  const table = {
    unitsPerEm: 2048,
    regular: advances('latin-ext-400', 'latin-400'),
    bold: advances('latin-700'),
    boldExtended: advances('latin-ext-600'),
  };
  await expect(`${JSON.stringify(table, null, 2)}\n`).toMatchFileSnapshot('./inter.json');
});

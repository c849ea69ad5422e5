/** A program that may draw, as small as possible: test/bundled.slow.test.ts builds it as servers are built. */
import { type Drawing, renderPng, waterfall } from '@fairway-mcp/charts';
import { WATERFALLS } from './samples.ts';

const [wanted] = process.argv.slice(2);
if (wanted === 'svg') process.stdout.write((await draw()).svg);
if (wanted === 'png') process.stdout.write(await renderPng((await draw()).svg));

async function draw(): Promise<Drawing> {
  const { typical } = WATERFALLS;
  if (typical === undefined) throw new Error('There is no typical waterfall.');
  return waterfall(typical);
}

import { expect, it } from 'vitest';
import { renderPng } from '../src/index.ts';
import { allSamples } from './support.ts';

it('a hundred pictures do not fill the memory', async () => {
  const drawings = await Promise.all(allSamples().map(({ draw }) => draw()));
  const render = async (count: number) => {
    for (let done = 0; done < count; done += 1) await renderPng(drawings[done % drawings.length]?.svg ?? '');
    return process.memoryUsage().rss;
  };
  const before = await render(40);
  const after = await render(100);
  // What is not freed is 2 MB of pixels for each picture, and more for its tree: 200 MB.
  expect((after - before) / 1e6).toBeLessThan(60);
});

import { setImmediate } from 'node:timers/promises';
import { once } from '@fairway-mcp/async';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontFiles, rendererFile } from './files.ts';

/** Twice what the densest chart has. */
const MAX_CHARACTERS = 1_000_000;
const MAX_PIXELS = 4_000_000;

/** The renderer can be started only once in a process. */
const prepare = once(async () => {
  const [renderer, fontBuffers] = await Promise.all([rendererFile(), fontFiles()]);
  await initWasm(renderer);
  return fontBuffers;
});

/** Ends when the picture that was asked for last is finished. */
let busy: Promise<unknown> = Promise.resolve();

/** Renders an SVG as a PNG. Pictures wait for each other: rendering blocks the thread, and what else it has to do comes in between. */
export function renderPng(svg: string): Promise<Uint8Array> {
  if (svg.length > MAX_CHARACTERS)
    return Promise.reject(new RangeError(`An SVG of more than ${MAX_CHARACTERS} characters is not rendered.`));
  const rendered = busy.then(async () => {
    const fontBuffers = await prepare();
    await setImmediate();
    return render(svg, fontBuffers);
  });
  busy = rendered.catch(() => undefined);
  return rendered;
}

/** The memory of the renderer is outside of what is collected as garbage: it is freed here, whatever happens. */
function render(svg: string, fontBuffers: Uint8Array[]): Uint8Array {
  const picture = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: 'Inter' } });
  try {
    if (picture.width * picture.height > MAX_PIXELS) throw new RangeError(`A picture of more than ${MAX_PIXELS} pixels is not rendered.`);
    const image = picture.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}

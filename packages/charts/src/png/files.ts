/**
 * The files that a picture is rendered with. A build puts each of them, compressed, into a chunk of its own, in the place of the calls of
 * `packageFile` (scripts/lib/build/packed-files.ts): a published server has no packages to read them from.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The renderer, as WebAssembly. */
export async function rendererFile(): Promise<Uint8Array> {
  return packageFile('@resvg/resvg-wasm/index_bg.wasm');
}

/** Inter: regular and bold, each in two files that share the characters of Europe's languages (see `boldRuns`). */
export async function fontFiles(): Promise<Uint8Array[]> {
  return Promise.all([
    packageFile('@fontsource/inter/files/inter-latin-400-normal.woff2'),
    packageFile('@fontsource/inter/files/inter-latin-700-normal.woff2'),
    packageFile('@fontsource/inter/files/inter-latin-ext-400-normal.woff2'),
    packageFile('@fontsource/inter/files/inter-latin-ext-600-normal.woff2'),
  ]);
}

async function packageFile(specifier: string): Promise<Uint8Array> {
  return fs.readFile(require.resolve(specifier));
}

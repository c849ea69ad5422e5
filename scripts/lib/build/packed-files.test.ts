import { describe, expect, it } from 'vitest';
import { packed, withImports } from './packed-files.ts';

describe('the files that charts are rendered with', () => {
  it('are imported where they are read from a package otherwise', () => {
    expect(withImports(`return packageFile('@a/b/c.wasm');`)).toBe(`return import('@a/b/c.wasm').then((file) => file.default);`);
    expect(() => withImports('return nothing();')).toThrow('No file of a package is named');
  });

  it('become modules that give their bytes back', async () => {
    const bytes = Uint8Array.from({ length: 10_000 }, (_, index) => (index * index) % 251);
    const module = await import(`data:text/javascript,${encodeURIComponent(packed(bytes))}`);
    expect(Buffer.compare(module.default, bytes)).toBe(0);
  });
});

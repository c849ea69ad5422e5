import { queryObjects } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteCollector } from './byte-collector.ts';

const liveBuffers = () => Number(queryObjects(Uint8Array, { format: 'count' }));

describe('a collector of bytes', () => {
  it('returns the text, wherever its bytes were cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.array(fc.integer({ min: 0, max: 9 })), (text, sizes) => {
        const bytes = Buffer.from(text);
        const collector = new ByteCollector(10_000);
        for (let time = 0; time < 2; time += 1) {
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            expect(collector.add(bytes.subarray(at, at + size))).toBe(true);
            at += size;
          }
          expect(collector.takeText()).toBe(text);
        }
      }),
    );
  });

  it('takes exactly as many bytes as it may', () => {
    const collector = new ByteCollector(5_000);
    for (let count = 0; count < 5_000; count += 1) expect(collector.add(Buffer.from('x'))).toBe(true);
    expect(collector.add(Buffer.alloc(0))).toBe(true);
    expect(collector.add(Buffer.from('x'))).toBe(false);
  });

  it('never changes the chunks that it was given', () => {
    const collector = new ByteCollector(100);
    const shared = Buffer.from('abcdef');
    collector.add(shared.subarray(0, 1));
    collector.add(Buffer.from('x'));
    expect([collector.takeText(), shared.toString()]).toEqual(['ax', 'abcdef']);
  });

  it('keeps none of many small chunks', () => {
    const collector = new ByteCollector(1_000_000);
    const before = liveBuffers();
    for (let count = 0; count < 100_000; count += 1) collector.add(Buffer.from('x'));
    expect(liveBuffers() - before).toBeLessThan(100);
    expect(collector.takeText()).toHaveLength(100_000);
  });
});

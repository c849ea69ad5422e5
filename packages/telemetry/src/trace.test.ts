import { describe, expect, it } from 'vitest';
import { newTraceId, parseTraceparent } from './trace.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it("reads the caller's span and whether it is sampled", () => {
    expect(parseTraceparent(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId, isSampled: true });
    expect(parseTraceparent(`00-${traceId}-${spanId}-00`)).toEqual({ traceId, spanId, isSampled: false });
  });

  it.each([
    undefined,
    null,
    5,
    '',
    'garbage',
    `00-${traceId}-${spanId}`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
  ])('ignores %j', (value) => {
    expect(parseTraceparent(value)).toBeUndefined();
  });
});

describe('newTraceId', () => {
  it('never repeats an id', () => {
    const ids = Array.from({ length: 5000 }, newTraceId);
    expect(new Set(ids).size).toBe(5000);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });
});

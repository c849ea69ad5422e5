import { describe, expect, it } from 'vitest';
import { traceContext } from './trace.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';

describe('traceContext', () => {
  it("continues the caller's trace", () => {
    expect(traceContext(`00-${traceId}-${span}-01`)).toEqual({ traceId, parentSpanId: span, sampled: true });
    expect(traceContext(`00-${traceId}-${span}-00`)).toEqual({ traceId, parentSpanId: span, sampled: false });
  });

  it.each([
    undefined,
    null,
    5,
    '',
    'garbage',
    `00-${traceId}-${span}`,
    `00-${'0'.repeat(32)}-${span}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${span}-01`,
  ])('starts a new trace for %j', (value) => {
    const context = traceContext(value);
    expect(context.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(context.parentSpanId).toBeUndefined();
  });

  it('never repeats a trace id', () => {
    const ids = new Set(Array.from({ length: 5000 }, () => traceContext(undefined).traceId));
    expect(ids.size).toBe(5000);
  });
});

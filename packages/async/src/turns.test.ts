import { describe, expect, it } from 'vitest';
import { forEachYielding, isTurnLong, nextTurn } from './turns.ts';

function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a turn of the event loop', () => {
  it('is long when what began in it has computed for a while, and then only', async () => {
    await settled();
    expect(isTurnLong()).toBe(false);
    compute(11);
    expect(isTurnLong()).toBe(true);
    await nextTurn();
    await settled();
    expect(isTurnLong()).toBe(false);
  });

  it('is long, too, when those before it were, until others have had turns', async () => {
    await settled();
    let isLong = false;
    for (let count = 0; count < 100 && !isLong; count += 1) {
      isLong = isTurnLong();
      if (!isLong) compute(6);
      await settled();
    }
    expect(isLong).toBe(true);
    await nextTurn();
    expect(isTurnLong()).toBe(false);
  });

  it('continues one of those who wait, in their order, and lets timers run in between', async () => {
    const order: string[] = [];
    const ticking = setInterval(() => order.push('timer'), 1);
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        await nextTurn();
        order.push(name);
        compute(3);
      }),
    );
    clearInterval(ticking);
    expect(order.filter((name) => name !== 'timer')).toEqual(['a', 'b', 'c']);
    expect(order.slice(order.indexOf('a'), order.indexOf('c'))).toContain('timer');
  });
});

describe('a long computation', () => {
  it('processes every item in order and lets others run in between', async () => {
    const seen: number[] = [];
    let others = 0;
    const ticking = setInterval(() => {
      others += 1;
    }, 1);
    await forEachYielding([1, 2, 3, 4, 5, 6], (item) => {
      seen.push(item);
      compute(6);
    });
    clearInterval(ticking);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    expect(others).toBeGreaterThan(0);
  });

  it('ends when its signal fires', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('too late')), 1);
    const endless = (function* () {
      for (;;) yield 1;
    })();
    await expect(forEachYielding(endless, () => compute(1), controller.signal)).rejects.toThrow('too late');
  });
});

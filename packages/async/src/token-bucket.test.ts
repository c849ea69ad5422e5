import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('gives what it holds at once, and then as much as comes back', () => {
    let now = 0;
    const bucket = new TokenBucket(3, 0.05, () => now);
    expect([bucket.isFull, bucket.tryTake(2), bucket.tryTake(), bucket.isFull]).toEqual([true, true, true, false]);
    expect([bucket.tryTake(), bucket.waitMs(), bucket.waitMs(2)]).toEqual([false, 20_000, 40_000]);
    now = 20_000;
    expect([bucket.waitMs(), bucket.tryTake(), bucket.tryTake()]).toEqual([0, true, false]);
    now = 1_000_000;
    expect([bucket.isFull, bucket.tryTake(3), bucket.tryTake()]).toEqual([true, true, false]);
  });

  it('gives parts of a token', () => {
    const bucket = new TokenBucket(1, 1, () => 0);
    for (let part = 0; part < 4; part += 1) expect(bucket.tryTake(0.25)).toBe(true);
    expect([bucket.tryTake(0.25), bucket.waitMs(0.25)]).toEqual([false, 250]);
  });

  it('lets a token be taken before it is there, and be given back', () => {
    const bucket = new TokenBucket(1, 10, () => 0);
    expect([bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 100, 200]);
    bucket.add(1);
    expect(bucket.waitMs()).toBe(200);
  });

  it('holds no more than its capacity, and never waits for what it holds, also when nothing comes back', () => {
    const bucket = new TokenBucket(2, 0, () => 0);
    bucket.add(5);
    expect([bucket.waitMs(2), bucket.waitMs(3), bucket.tryTake(2), bucket.tryTake()]).toEqual([0, Number.POSITIVE_INFINITY, true, false]);
  });
});

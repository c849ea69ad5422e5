import { describe, expect, it } from 'vitest';
import { networkOf, RefusalLimiter } from './refusals.ts';

describe('refused credentials', () => {
  it('are counted by address, and limit it until it has been quiet', () => {
    let now = 0;
    const limiter = new RefusalLimiter(3, () => now);
    expect([limiter.isEmpty, limiter.waitSeconds('10.0.0.1')]).toEqual([true, undefined]);
    expect([limiter.add('10.0.0.1'), limiter.add('10.0.0.1'), limiter.waitSeconds('10.0.0.1')]).toEqual([1, 2, undefined]);
    expect([limiter.add('10.0.0.1'), limiter.waitSeconds('10.0.0.1'), limiter.waitSeconds('10.0.0.2')]).toEqual([3, 20, undefined]);
    now = 20_000;
    expect(limiter.waitSeconds('10.0.0.1')).toBeUndefined();
    expect([limiter.add('10.0.0.1'), limiter.waitSeconds('10.0.0.1')]).toEqual([4, 20]);
    now = 80_000;
    expect([limiter.waitSeconds('10.0.0.1'), limiter.add('10.0.0.1')]).toEqual([undefined, 1]);
  });

  it('are counted without a limit when it is 0', () => {
    const limiter = new RefusalLimiter(0, () => 0);
    for (let count = 0; count < 100; count += 1) limiter.add('10.0.0.1');
    expect(limiter.waitSeconds('10.0.0.1')).toBeUndefined();
  });

  it('are kept for a bounded number of addresses', () => {
    const limiter = new RefusalLimiter(1, () => 0);
    for (let host = 0; host <= 10_000; host += 1) limiter.add(`10.0.${host >> 8}.${host & 255}`);
    expect([limiter.waitSeconds('10.0.0.0'), limiter.waitSeconds('10.0.0.1')]).toEqual([undefined, 60]);
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::7', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    [undefined, ''],
  ])('from %s count for %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

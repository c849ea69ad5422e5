import { describe, expect, it } from 'vitest';
import { once } from './once.ts';

describe('once', () => {
  it('calls the function at the first use only', () => {
    let calls = 0;
    const next = once(() => {
      calls += 1;
      return undefined;
    });
    expect([next(), next(), calls]).toEqual([undefined, undefined, 1]);
  });

  it('tries again after a promise that was rejected', async () => {
    let calls = 0;
    const connect = once(async () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return 'connected';
    });
    await expect(connect()).rejects.toThrow('not yet');
    expect(await connect()).toBe('connected');
    expect(await connect()).toBe('connected');
    expect(calls).toBe(2);
  });
});

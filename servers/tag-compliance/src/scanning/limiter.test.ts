import { describe, expect, it } from 'vitest';
import { Limiter } from './limiter.ts';

const never = new AbortController().signal;

describe('Limiter', () => {
  it('runs no more at a time than it may, in order, and all of them', async () => {
    const limiter = new Limiter(3);
    const begun: number[] = [];
    let running = 0;
    let most = 0;
    const job = (number: number) => async () => {
      begun.push(number);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return number;
    };
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    await expect(Promise.all(numbers.map((number) => limiter.run(never, job(number))))).resolves.toEqual(numbers);
    expect(most).toBe(3);
    expect(begun).toEqual(numbers);
  });

  it('lets the next one in when a job fails', async () => {
    const limiter = new Limiter(1);
    const failing = limiter.run(never, () => Promise.reject(new Error('no')));
    const next = limiter.run(never, async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('takes those out of the line whose signal fires, and no others', async () => {
    const limiter = new Limiter(1);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const controller = new AbortController();
    const first = limiter.run(never, () => gate);
    const impatient = limiter.run(controller.signal, async () => 'impatient');
    const patient = limiter.run(never, async () => 'patient');
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    open();
    await first;
    await expect(patient).resolves.toBe('patient');
    await expect(limiter.run(controller.signal, async () => 1)).rejects.toThrow('enough');
  });
});

import { describe, expect, it } from 'vitest';
import { account, callContext, EVERYTHING, held, type Read, resource, scanner, slice } from './scanner.fixture.ts';

describe('scan progress', () => {
  it('grows with every page and slice, and ends at the total', async () => {
    let clock = 0;
    const now = () => {
      clock += 300;
      return clock;
    };
    const told: { done: number; total: number; message: string }[] = [];
    const read: Read = async (_slice, { onPage }) => {
      for (let pages = 0; pages < 5; pages += 1) onPage();
      return { resources: Array.from({ length: 50 }, (_, index) => resource(`${_slice.reader}-${index}`)) };
    };
    const plan = account([slice('a'), slice('b')], read);
    await scanner({ monotonic: now }).scan(
      [plan],
      EVERYTHING,
      callContext({ progress: (done, total, message) => told.push({ done, total, message }) }),
    );
    const done = told.map((one) => one.done);
    expect(done).toEqual([...new Set(done)].toSorted((a, b) => a - b));
    expect(done.length).toBeGreaterThan(5);
    expect(told.at(-1)).toMatchObject({ done: 3, total: 3, message: expect.stringMatching(/^100 resources seen, 3 of 3 parts done/) });
  });

  it('counts each resource that the answer contains, once', async () => {
    const read: Read = async ({ reader }, { onPage }) => {
      onPage();
      if (reader === 'tagged') return { resources: [resource('a'), resource('b'), resource('t', { type: 'kms:key' })] };
      return { resources: [resource('a'), resource('b'), resource('c', { region: 'us-east-1' })] };
    };
    const messages: string[] = [];
    const query = { ...EVERYTHING, types: ['ec2:vpc'], regions: ['eu-central-1'] };
    const plan = account([slice('tagged', { types: ['*'] }), slice('ec2:vpc')], read);
    const call = callContext({ progress: (_done, _total, message) => messages.push(message) });
    const { resources } = await scanner().scan([plan], query, call);
    expect(resources).toHaveLength(2);
    expect(messages.at(-1)).toMatch(/^2 resources seen, 3 of 3 parts done/);
  });

  it('ends with the count of the answer when there is no time for the rest', async () => {
    const { read: slow } = held({ resources: [] });
    const read: Read = (part, reading) =>
      part.reader === 'slow' ? slow(part, reading) : Promise.resolve({ resources: [resource(part.reader)] });
    const messages: string[] = [];
    const scanning = scanner();
    const plan = account(
      ['a', 'b', 'c', 'slow'].map((reader) => slice(reader)),
      read,
    );
    const call = callContext({ deadline: performance.now() + 50, progress: (_done, _total, message) => messages.push(message) });
    const { resources } = await scanning.scan([plan], EVERYTHING, call);
    expect(messages.at(-1)).toMatch(new RegExp(`^${resources.length} resources seen, 4 of 5 parts done`));
  });
});

import { type CachePort, createCache, createMemoryCache } from '@fairway-mcp/cache';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../inventory/resource.ts';
import type { Slice } from '../inventory/slice.ts';
import type { AccountPlan } from './account-plan.ts';
import { account, callContext, EVERYTHING, held, type Read, resource, scanner, slice } from './scanner.fixture.ts';

describe('scan result', () => {
  it('contains each resource once, as its own service lists it rather than the Tagging API', async () => {
    const read: Read = async ({ reader }) => ({
      resources:
        reader === 'tagged' ? [resource('a', { name: 'from tags' }), resource('c')] : [resource('a', { name: 'listed' }), resource('b')],
    });
    const slices = [slice('tagged', { types: ['*'] }), slice('ec2:vpc')];
    const { resources } = await scanner().scan([account(slices, read)], EVERYTHING, callContext());
    expect(resources.map(({ name }) => name).sort()).toEqual(['b', 'c', 'listed']);
  });

  it('contains exactly the resources that match the filter', async () => {
    const types = ['ec2:vpc', 'ec2:subnet', 'rds:db'];
    const regions = ['eu-central-1', 'us-east-1', 'global'];
    const some = fc.array(fc.record({ type: fc.constantFrom(...types), region: fc.constantFrom(...regions) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(some, fc.subarray(types), fc.subarray(regions), async (parts, wantedTypes, wantedRegions) => {
        const all = parts.map((part, index) => resource(`v-${index}`, part));
        const plan = account([slice('ec2:vpc')], async () => ({ resources: all }));
        const whole = await scanner().scan([plan], EVERYTHING, callContext());
        const filtered = await scanner().scan([plan], { ...EVERYTHING, types: wantedTypes, regions: wantedRegions }, callContext());
        const matches = ({ type, region }: Resource) =>
          (wantedTypes.length === 0 || wantedTypes.includes(type)) && (wantedRegions.length === 0 || wantedRegions.includes(region));
        expect(filtered.resources).toEqual(whole.resources.filter(matches));
      }),
    );
  });

  it('contains the other slices when a slice, a reader or an account fails', async () => {
    const read: Read = async ({ reader }) => {
      if (reader === 'broken') throw new Error('a bug');
      if (reader === 'denied') return { resources: [], gap: { reason: 'access_denied', detail: 'Needs x:Y.' } };
      return { resources: [resource('a')] };
    };
    const closed: AccountPlan = {
      account: '222233334444',
      slices: () => Promise.reject(new Error('a bug')),
      read,
    };
    const scanning = scanner();
    const { resources, coverage } = await scanning.scan(
      [closed, account([slice('broken'), slice('denied'), slice('ec2:vpc')], read)],
      EVERYTHING,
      callContext(),
    );
    expect(resources).toHaveLength(1);
    const entries = coverage.entries.map(({ account: id, types, status, reason }) => [id, types.join(), status, reason]);
    expect(new Set(entries)).toEqual(
      new Set([
        ['111122223333', 'denied', 'missing', 'access_denied'],
        ['111122223333', 'broken', 'missing', 'unavailable'],
        ['222233334444', '*', 'missing', 'unavailable'],
        ['111122223333', 'ec2:vpc', 'complete', undefined],
      ]),
    );
    expect(scanning.faults.length).toBeGreaterThan(0);
  });
});

describe('cached slices', () => {
  it('are used until they are too old or a refresh is requested', async () => {
    const reads: string[] = [];
    const read: Read = async ({ reader }) => {
      reads.push(reader);
      return { resources: [resource(reader)] };
    };
    const scanning = scanner();
    const plan = account([slice('a'), slice('b')], read);
    const first = await scanning.scan([plan], EVERYTHING, callContext());
    const again = await scanning.scan([account([slice('b')], read)], EVERYTHING, callContext());
    expect(reads).toEqual(['a', 'b']);
    expect(again.asOf).toBe(first.asOf);
    await scanning.scan([plan], { ...EVERYTHING, refresh: true }, callContext());
    expect(reads).toHaveLength(4);
    scanning.pass(600_001);
    await scanning.scan([plan], EVERYTHING, callContext());
    expect(reads).toHaveLength(6);
  });

  it('give the same result as the last refresh', async () => {
    const tags = fc.dictionary(fc.constantFrom('Owner', 'Team'), fc.constantFrom('x', 'y'));
    const states = fc.array(fc.array(tags, { maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const steps = fc.array(fc.record({ change: fc.nat(5), refresh: fc.boolean(), ms: fc.nat(1_000) }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(states, steps, async (contents, walk) => {
        const inventories = contents.map((list) => list.map((own, index) => resource(`v-${index}`, { tags: own })));
        let [now, known] = [inventories[0] ?? [], inventories[0] ?? []];
        const scanning = scanner();
        const plan = account([slice('ec2:vpc')], async () => ({ resources: now }));
        expect((await scanning.scan([plan], EVERYTHING, callContext())).resources).toEqual(known);
        for (const { change, refresh, ms } of walk) {
          now = inventories[change % inventories.length] ?? [];
          if (refresh) known = now;
          scanning.pass(ms);
          expect((await scanning.scan([plan], { ...EVERYTHING, refresh }, callContext())).resources).toEqual(known);
        }
      }),
    );
  });

  it('are never shown to another identity', async () => {
    let reads = 0;
    const read: Read = async () => {
      reads += 1;
      return { resources: [] };
    };
    const scanning = scanner();
    await scanning.scan([account([slice('a')], read)], EVERYTHING, callContext());
    await scanning.scan([account([slice('a', { identity: 'somebody else' })], read)], EVERYTHING, callContext());
    expect(reads).toBe(2);
  });

  it('are read again after a minute when they have a gap', async () => {
    let reads = 0;
    const read: Read = async () => {
      reads += 1;
      return { resources: [], gap: { reason: 'throttled', detail: 'Ask again.' } };
    };
    const scanning = scanner();
    const plan = account([slice('a')], read);
    await scanning.scan([plan], EVERYTHING, callContext());
    scanning.pass(30_000);
    await scanning.scan([plan], EVERYTHING, callContext());
    expect(reads).toBe(1);
    scanning.pass(31_000);
    await scanning.scan([plan], EVERYTHING, callContext());
    expect(reads).toBe(2);
  });

  it('give a scan the same id while the content is the same, also after a refresh', async () => {
    let resources = [resource('a')];
    const scanning = scanner();
    const plan = account([slice('a')], async () => ({ resources }));
    const { id } = await scanning.scan([plan], EVERYTHING, callContext());
    scanning.pass(1_000);
    expect((await scanning.scan([plan], EVERYTHING, callContext())).id).toBe(id);
    expect((await scanning.scan([plan], { ...EVERYTHING, refresh: true }, callContext())).id).toBe(id);
    expect((await scanning.scan([plan], { ...EVERYTHING, types: ['ec2:vpc'] }, callContext())).id).not.toBe(id);
    resources = [resource('a', { tags: { Owner: 'x' } })];
    expect((await scanning.scan([plan], { ...EVERYTHING, refresh: true }, callContext())).id).not.toBe(id);
  });

  it('are read once for concurrent scans', async () => {
    const { read, signals, release } = held({ resources: [resource('a')] });
    const scanning = scanner();
    const plans = [account([slice('a')], read)];
    const both = [scanning.scan(plans, EVERYTHING, callContext()), scanning.scan(plans, EVERYTHING, callContext())];
    release();
    const [one, other] = await Promise.all(both);
    expect(signals).toHaveLength(1);
    expect(other?.resources).toEqual(one?.resources);
  });

  it('are read with limited concurrency', async () => {
    let running = 0;
    let most = 0;
    const read: Read = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return { resources: [] };
    };
    const slices = Array.from({ length: 40 }, (_, index) => slice(`r${index}`));
    await scanner({ concurrency: 5 }).scan([account(slices, read)], EVERYTHING, callContext());
    expect(most).toBe(5);
  });
});

describe('deadline of a scan', () => {
  it('ends it with a partial result, and the next scan contains the rest', async () => {
    const { read: slow, signals, release } = held({ resources: [resource('b')] });
    const read: Read = (part, reading) => (part.reader === 'slow' ? slow(part, reading) : Promise.resolve({ resources: [resource('a')] }));
    const scanning = scanner();
    const plans = [account([slice('quick'), slice('slow')], read)];
    const first = await scanning.scan(plans, EVERYTHING, callContext({ deadline: performance.now() + 50 }));
    expect(first.resources.map(({ name }) => name)).toEqual(['a']);
    expect(first.coverage.isComplete).toBe(false);
    expect(first.coverage.entries[0]).toMatchObject({
      types: ['slow'],
      status: 'missing',
      reason: 'not_reached',
      detail: 'Ask again: 2 of 3 parts are here already.',
    });
    expect(signals[0]?.aborted).toBe(false);
    release();
    const second = await scanning.scan(plans, EVERYTHING, callContext());
    expect(second.resources.map(({ name }) => name).sort()).toEqual(['a', 'b']);
    expect(second.coverage.isComplete).toBe(true);
    expect(second.id).not.toBe(first.id);
    expect(signals).toHaveLength(1);
  });

  it('ends the progress reports although reading continues', async () => {
    const { read, release } = held({ resources: [] });
    const scanning = scanner();
    const plans = [account([slice('a')], read)];
    let isAnswered = false;
    const late: unknown[] = [];
    const progress = (...told: unknown[]) => isAnswered && late.push(told);
    await scanning.scan(plans, EVERYTHING, callContext({ deadline: performance.now() + 10, progress }));
    isAnswered = true;
    release();
    await scanning.scan(plans, EVERYTHING, callContext());
    expect(late).toEqual([]);
  });

  it('leaves an entry for an account that was not reached', async () => {
    const plan: AccountPlan = {
      account: '222233334444',
      slices: () => new Promise(() => undefined),
      read: async () => ({ resources: [] }),
    };
    const scanning = scanner();
    const { coverage } = await scanning.scan([plan], EVERYTHING, callContext({ deadline: performance.now() + 10 }));
    expect(coverage.entries).toEqual([expect.objectContaining({ account: '222233334444', region: '*', reason: 'not_reached' })]);
  });

  it('is followed by reading in the background for a limited time', async () => {
    const { read, signals } = held({ resources: [] });
    const scanning = scanner({ backgroundMs: 1 });
    await scanning.scan([account([slice('slow')], read)], EVERYTHING, callContext({ deadline: performance.now() + 10 }));
    const [signal] = signals;
    if (signal?.aborted === false) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    expect(signal?.aborted).toBe(true);
  });
});

describe('closing the scanner', () => {
  it('ends scans in the background', async () => {
    const { read, signals } = held({ resources: [] });
    const scanning = scanner();
    await scanning.scan([account([slice('slow')], read)], EVERYTHING, callContext({ deadline: performance.now() + 10 }));
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    scanning.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('cancelled scan', () => {
  it('stops all reading and rejects with the reason', async () => {
    const { read, signals } = held({ resources: [] });
    const controller = new AbortController();
    const call = callContext({ signal: controller.signal });
    const scanning = scanner({ concurrency: 2 }).scan([account([slice('a'), slice('b'), slice('c')], read)], EVERYTHING, call);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await expect(scanning).rejects.toThrow('enough');
    expect(signals).toHaveLength(2);
    expect(signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('does not stop another scan of the same slices', async () => {
    const { read, release } = held({ resources: [resource('a')] });
    const controller = new AbortController();
    const scanning = scanner();
    const plans = [account([slice('a')], read)];
    const impatient = scanning.scan(plans, EVERYTHING, callContext({ signal: controller.signal }));
    const steady = scanning.scan(plans, EVERYTHING, callContext());
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    release();
    expect((await steady).resources).toHaveLength(1);
  });

  it('does not harm a scan that starts at the same moment', async () => {
    const { read, release } = held({ resources: [resource('a')] });
    const controller = new AbortController();
    const scanning = scanner();
    const plans = [account([slice('a')], read)];
    const impatient = scanning.scan(plans, EVERYTHING, callContext({ signal: controller.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error('enough'));
    const next = scanning.scan(plans, EVERYTHING, callContext());
    release();
    await expect(impatient).rejects.toThrow('enough');
    expect((await next).coverage.isComplete).toBe(true);
  });

  it('reads nothing when it is cancelled before it starts', async () => {
    const reads: Slice[] = [];
    const read: Read = async (part) => {
      reads.push(part);
      return { resources: [] };
    };
    const scanning = scanner().scan(
      [account([slice('a')], read)],
      EVERYTHING,
      callContext({ signal: AbortSignal.abort(new Error('never mind')) }),
    );
    await expect(scanning).rejects.toThrow('never mind');
    expect(reads).toEqual([]);
  });
});

describe('a scan whose cache other programs share', () => {
  /** A cache that keeps JSON, as Redis does, and in which the test can write. */
  function sharedCache() {
    const texts = new Map<string, string>();
    const port: CachePort = {
      ...createMemoryCache(),
      isShared: true,
      get: async (key) => {
        const text = texts.get(key);
        return text === undefined ? undefined : JSON.parse(text);
      },
      set: async (key, stored) => void texts.set(key, JSON.stringify(stored)),
    };
    return { texts, cache: createCache(port) };
  }

  it('uses what is stored there, and nothing that has another form', async () => {
    const { texts, cache } = sharedCache();
    let reads = 0;
    const resources = [resource('a', { tags: { Owner: 'ann' }, createdAt: '2026-01-02T03:04:05.000Z' }), resource('b')];
    const plan = account([slice('ec2:vpc'), slice('ec2:subnet')], async ({ reader }) => {
      reads += 1;
      if (reader === 'ec2:subnet') return { resources: [], gap: { reason: 'throttled', detail: 'Ask again.' } };
      return { resources };
    });
    const scan = async () =>
      (await scanner({ cache }).scan([plan], EVERYTHING, callContext())).resources.map(({ name, tags }) => [name, tags]);
    const first = await scan();
    expect([first, reads]).toEqual([
      [
        ['a', { Owner: 'ann' }],
        ['b', {}],
      ],
      2,
    ]);
    expect([await scan(), reads]).toEqual([first, 2]);
    for (const [key, text] of texts)
      texts.set(key, text.replace('"Owner":"ann"', '"Owner":["ann"]').replace('"resources":[]', '"resources":{}'));
    expect([await scan(), reads]).toEqual([first, 4]);
  });
});

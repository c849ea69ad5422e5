import { createCache, createMemoryCache } from '@fairway-mcp/cache';
import type { Resource } from '../inventory/resource.ts';
import type { Slice, SliceResult } from '../inventory/slice.ts';
import type { CallContext, ScanQuery } from '../inventory/source.ts';
import type { AccountPlan } from './account-plan.ts';
import { createScanner, type ScannerOptions } from './scanner.ts';

export const EVERYTHING: ScanQuery = { types: [], regions: [], accounts: [], refresh: false };

export function resource(id: string, part: Partial<Resource> = {}): Resource {
  const arn = `arn:aws:ec2:eu-central-1:111122223333:vpc/${id}`;
  const place = { account: '111122223333', region: 'eu-central-1' };
  return { arn, type: 'ec2:vpc', ...place, name: id, tags: {}, createdAt: undefined, parents: [], ...part };
}

export function slice(reader: string, part: Partial<Slice> = {}): Slice {
  return { account: '111122223333', region: 'eu-central-1', reader, types: [reader], identity: 'me', ...part };
}

export type Read = AccountPlan['read'];

/** An account in which each slice gives what `read` says. */
export function account(slices: readonly Slice[], read: Read, id = '111122223333'): AccountPlan {
  return { account: id, slices: async () => ({ slices, entries: [] }), read };
}

export function scanner(options: Partial<ScannerOptions> = {}) {
  let clock = 1_000_000;
  const faults: unknown[] = [];
  const now = () => clock;
  const made = createScanner({
    cache: createCache(createMemoryCache({ now }), { now }),
    ttlMs: 600_000,
    concurrency: 4,
    backgroundMs: 60_000,
    now,
    onFault: (error) => faults.push(error),
    ...options,
  });
  return {
    ...made,
    faults,
    now,
    pass(ms: number) {
      clock += ms;
    },
  };
}

export function callContext(part: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, deadline: undefined, progress: () => undefined, ...part };
}

/** A read that lasts until it is let go, or its signal fires. */
export function held(result: SliceResult) {
  const { promise, resolve } = Promise.withResolvers<SliceResult>();
  const signals: AbortSignal[] = [];
  const read: Read = (_slice, { signal }) => {
    signals.push(signal);
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    return Promise.race([promise, stopped]);
  };
  return { read, signals, release: () => resolve(result) };
}

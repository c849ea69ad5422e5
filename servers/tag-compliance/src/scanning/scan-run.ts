import { waitAtMost, waitFor } from '@fairway-mcp/async';
import type { ValueKind } from '@fairway-mcp/cache';
import type { LimitFunction } from 'p-limit';
import type { CoverageEntry } from '../inventory/coverage.ts';
import { fingerprint } from '../inventory/fingerprint.ts';
import type { Resource } from '../inventory/resource.ts';
import { READ_SLICE, type ReadSlice, type Slice, sliceKey } from '../inventory/slice.ts';
import type { CallContext, Scan, ScanQuery } from '../inventory/source.ts';
import type { AccountPlan } from './account-plan.ts';
import { assembleScan, matcherOf } from './assemble-scan.ts';
import { workingTimeMs } from './deadline.ts';
import { ScanProgress } from './progress.ts';

/** A cache of slices that loads each slice once, however many scans need it at the same time. */
export interface SliceCache {
  getOrLoad<T>(
    key: string,
    options: ValueKind & { ttlMs: number; signal: AbortSignal; refresh: boolean },
    load: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ value: T; hit: boolean }>;
}

export interface ScanOptions {
  cache: SliceCache;
  /** How long a slice stays in the cache, in milliseconds. */
  ttlMs: number;
  /** How long a scan may continue after its caller has been answered, in milliseconds. */
  backgroundMs: number;
  /** Milliseconds since the epoch: how old a slice is. */
  now(): number;
  /** Milliseconds that never jump: how often to report progress. `performance.now()` by default. */
  monotonic?: (() => number) | undefined;
  /** Called with errors that plans should have turned into gaps. */
  onFault(error: unknown): void;
}

/** Slices with a gap are read again sooner: a permission may have been granted, a service may have recovered. */
const GAP_TTL_MS = 60_000;

const FAULT = { reason: 'unavailable', detail: 'Reading failed; the log says why.' } as const;

/** One scan, from its start until everything is read or it is stopped. */
export class ScanRun {
  readonly #options: ScanOptions;
  readonly #limit: LimitFunction;
  readonly #query: ScanQuery;
  readonly #isWanted: (resource: Resource) => boolean;
  readonly #controller = new AbortController();
  readonly #progress: ScanProgress;
  readonly #unplanned = new Set<AccountPlan>();
  readonly #entries: CoverageEntry[] = [];
  readonly #slices = new Map<Slice, ReadSlice | undefined>();
  #finished: Promise<unknown> = Promise.resolve();

  constructor(options: ScanOptions, limit: LimitFunction, query: ScanQuery, call: CallContext) {
    this.#options = options;
    this.#limit = limit;
    this.#query = query;
    this.#isWanted = matcherOf(query);
    this.#progress = new ScanProgress((done, total, message) => call.progress(done, total, message), options.monotonic);
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** @returns a promise that is fulfilled when everything has been read */
  start(accounts: readonly AccountPlan[]): Promise<unknown> {
    this.#progress.expect(accounts.length);
    for (const account of accounts) this.#unplanned.add(account);
    this.#finished = Promise.all(accounts.map((account) => this.#scanAccount(account)));
    return this.#finished;
  }

  /** Waits for the end of the scan, {@link stop}, or the time to answer, after which the scan continues in the background for a while. */
  async waitUntil(deadline: number | undefined): Promise<void> {
    const { signal } = this.#controller;
    const finished = waitFor(this.#finished, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
    await (deadline === undefined ? finished : waitAtMost(workingTimeMs(deadline), finished));
    this.#progress.end();
    if (!signal.aborted) this.#limitBackgroundTime();
  }

  #limitBackgroundTime(): void {
    const timer = setTimeout(() => this.stop(new Error('No call asked for the rest of the scan.')), this.#options.backgroundMs);
    timer.unref();
    this.#finished.finally(() => clearTimeout(timer));
  }

  async #scanAccount(plan: AccountPlan): Promise<void> {
    const { signal } = this.#controller;
    try {
      const { slices, entries } = await plan.slices(signal);
      this.#entries.push(...entries);
      for (const slice of slices) this.#slices.set(slice, undefined);
      this.#progress.expect(slices.length);
      this.#markPlanned(plan);
      await Promise.all(slices.map((slice) => this.#readSlice(plan, slice)));
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onFault(error);
      this.#entries.push({ account: plan.account, region: '*', types: ['*'], status: 'missing', resources: 0, ...FAULT });
      this.#markPlanned(plan);
    }
  }

  #markPlanned(plan: AccountPlan): void {
    this.#unplanned.delete(plan);
    this.#progress.finish(plan, [], `account ${plan.account}`);
  }

  async #readSlice(plan: AccountPlan, slice: Slice): Promise<void> {
    const { signal } = this.#controller;
    // A load that is shared with another scan fails when that scan is cancelled just as this one joins it: then it is loaded again.
    const retry = () => (signal.aborted ? undefined : this.#load(plan, slice).catch(this.#toFault));
    const found = await this.#load(plan, slice).catch(retry);
    if (found === undefined || signal.aborted) return;
    this.#slices.set(slice, found);
    this.#progress.finish(slice, found.resources.filter(this.#isWanted), `${slice.region} of account ${slice.account}`);
  }

  readonly #toFault = (error: unknown): ReadSlice | undefined => {
    if (this.#controller.signal.aborted) return undefined;
    this.#options.onFault(error);
    return { resources: [], gap: FAULT, readAt: this.#options.now(), contentId: FAULT.reason };
  };

  async #load(plan: AccountPlan, slice: Slice): Promise<ReadSlice> {
    const { cache, ttlMs, now } = this.#options;
    const load = (signal: AbortSignal) =>
      this.#limit(async (): Promise<ReadSlice> => {
        signal.throwIfAborted();
        const onPage = () => this.#progress.page(slice);
        const result = await plan.read(slice, { signal, onPage });
        return { ...result, readAt: now(), contentId: fingerprint(result) };
      });
    const key = sliceKey(slice);
    const wanted = { ...READ_SLICE, ttlMs, signal: this.#controller.signal, refresh: this.#query.refresh };
    const { value, hit } = await cache.getOrLoad(key, wanted, load);
    const isStale = hit && value.gap !== undefined && now() - value.readAt > GAP_TTL_MS;
    return isStale ? (await cache.getOrLoad(key, { ...wanted, refresh: true }, load)).value : value;
  }

  /** What has been read so far. */
  result(): Scan {
    const read = [...this.#slices].filter((pair): pair is [Slice, ReadSlice] => pair[1] !== undefined);
    const unread = [...this.#slices].flatMap(([slice, result]) => (result === undefined ? [slice] : []));
    const unplanned = [...this.#unplanned].map(({ account }) => ({ account, region: '*', types: ['*'] }));
    const entries = [...this.#entries, ...[...unplanned, ...unread].map((part) => this.#notReached(part))];
    return assembleScan(read, entries, this.#query, this.#options.now());
  }

  #notReached({ account, region, types }: Pick<Slice, 'account' | 'region' | 'types'>): CoverageEntry {
    const { finished, total } = this.#progress;
    const again = this.#query.refresh ? 'Ask again, without a refresh' : 'Ask again';
    const detail = `${again}: ${finished} of ${total} parts are here already.`;
    return { account, region, types, status: 'missing', reason: 'not_reached', detail, resources: 0 };
  }
}

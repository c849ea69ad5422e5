import { type CoverageEntry, toCoverage } from '../inventory/coverage.ts';
import { fingerprint } from '../inventory/fingerprint.ts';
import type { Resource } from '../inventory/resource.ts';
import { coverageOf, type Slice, type SliceResult, sliceKey } from '../inventory/slice.ts';
import type { Scan, ScanQuery, Waiting } from '../inventory/source.ts';
import { patienceMs } from './deadline.ts';
import { Limiter } from './limiter.ts';
import { ScanProgress } from './progress.ts';

/** An account to look into. What there is to read in it is found out as part of the scan, as that takes calls too. */
export interface AccountPlan {
  account: string;
  /** Must not fail: what cannot be looked into comes back as entries. */
  slices(signal: AbortSignal): Promise<{ slices: readonly Slice[]; entries: readonly CoverageEntry[] }>;
  /** Must not fail but for the signal: what could not be read comes back as a gap. */
  read(slice: Slice, visit: { signal: AbortSignal; page(resources: number): void }): Promise<SliceResult>;
}

/** What remembers slices and reads each once, however many want it at the same time. */
export interface SliceMemory {
  getOrLoad<T>(
    key: string,
    options: { ttlMs: number; signal: AbortSignal; refresh: boolean },
    load: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ value: T; hit: boolean }>;
}

export interface ScannerOptions {
  cache: SliceMemory;
  /** How long what was seen is good for, in milliseconds. */
  ttlMs: number;
  /** Slices that are read at a time, over all accounts and scans. */
  parallel: number;
  /** How long a scan may go on reading when its caller already has an answer, in milliseconds. */
  backgroundMs: number;
  now(): number;
  /** Told of failures that plans and readers should have caught. */
  onFault(error: unknown): void;
}

export interface Scanner {
  /**
   * Reads every slice of every account, from the cache where it is there. Answers some time before `waiting.deadline` with what is
   * there; what is not goes on being read, so that the next scan finds it.
   * @throws the signal's reason when it fires; then nothing goes on.
   */
  scan(accounts: readonly AccountPlan[], query: ScanQuery, waiting: Waiting): Promise<Scan>;
  /** Ends what still goes on though its caller has been answered. */
  close(): void;
}

/** What is not whole is asked for again sooner: a permission may have been granted, a service may be well again. */
const GAP_TTL_MS = 60_000;

const FAULT = { reason: 'unavailable', detail: 'Reading failed; the log says why.' } as const;

export function createScanner(options: ScannerOptions): Scanner {
  const limiter = new Limiter(options.parallel);
  const running = new Set<ScanRun>();
  return {
    async scan(accounts, query, waiting) {
      const run = new ScanRun(options, limiter, query, waiting);
      const cancel = () => run.stop(waiting.signal.reason);
      waiting.signal.throwIfAborted();
      waiting.signal.addEventListener('abort', cancel, { once: true });
      running.add(run);
      run.start(accounts).finally(() => running.delete(run));
      try {
        await run.until(waiting.deadline);
        waiting.signal.throwIfAborted();
        return run.scan();
      } finally {
        waiting.signal.removeEventListener('abort', cancel);
      }
    },
    close() {
      for (const run of running) run.stop(new Error('The server is shutting down.'));
    },
  };
}

/** One scan under way. */
class ScanRun {
  readonly #options: ScannerOptions;
  readonly #limiter: Limiter;
  readonly #query: ScanQuery;
  readonly #work = new AbortController();
  readonly #progress: ScanProgress;
  readonly #unplanned = new Set<AccountPlan>();
  readonly #entries: CoverageEntry[] = [];
  readonly #slices = new Map<Slice, Found | undefined>();
  #all: Promise<unknown> = Promise.resolve();

  constructor(options: ScannerOptions, limiter: Limiter, query: ScanQuery, waiting: Waiting) {
    this.#options = options;
    this.#limiter = limiter;
    this.#query = query;
    this.#progress = new ScanProgress((done, total, message) => waiting.progress(done, total, message), options.now);
  }

  stop(reason: unknown): void {
    this.#work.abort(reason);
  }

  /** @returns when there is nothing left to do */
  start(accounts: readonly AccountPlan[]): Promise<unknown> {
    this.#progress.expect(accounts.length);
    for (const account of accounts) this.#unplanned.add(account);
    this.#all = Promise.all(accounts.map((account) => this.#visit(account)));
    return this.#all;
  }

  /** Waits until all is done, it is time to answer, or {@link stop}. In the second case the work goes on for a while. */
  async until(deadline: number | undefined): Promise<void> {
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const { signal } = this.#work;
    signal.addEventListener('abort', () => resolve(), { once: true });
    const patience = deadline === undefined ? undefined : setTimeout(resolve, patienceMs(deadline, this.#options.now()));
    await Promise.race([this.#all, over]);
    clearTimeout(patience);
    this.#progress.end();
    if (signal.aborted) return;
    const background = setTimeout(() => this.stop(new Error('Nobody asked for the rest.')), this.#options.backgroundMs);
    background.unref();
    this.#all.finally(() => clearTimeout(background));
  }

  async #visit(plan: AccountPlan): Promise<void> {
    const { signal } = this.#work;
    try {
      const { slices, entries } = await plan.slices(signal);
      this.#entries.push(...entries);
      for (const slice of slices) this.#slices.set(slice, undefined);
      this.#progress.expect(slices.length);
      this.#planned(plan);
      await Promise.all(slices.map((slice) => this.#fetch(plan, slice)));
    } catch (error) {
      if (signal.aborted) return;
      this.#options.onFault(error);
      this.#entries.push({ account: plan.account, region: '*', types: ['*'], status: 'missing', resources: 0, ...FAULT });
      this.#planned(plan);
    }
  }

  #planned(plan: AccountPlan): void {
    this.#unplanned.delete(plan);
    this.#progress.finish(plan, 0, `account ${plan.account}`);
  }

  async #fetch(plan: AccountPlan, slice: Slice): Promise<void> {
    const { signal } = this.#work;
    // The load may have been another scan's, which gave it up in the moment when this one joined it. Then it is done anew.
    const found = await this.#obtain(plan, slice).catch(() => (signal.aborted ? undefined : this.#obtain(plan, slice).catch(this.#fault)));
    if (found === undefined || signal.aborted) return;
    this.#slices.set(slice, found);
    this.#progress.finish(slice, found.resources.length, `${slice.region} of account ${slice.account}`);
  }

  readonly #fault = (error: unknown): Found | undefined => {
    if (this.#work.signal.aborted) return undefined;
    this.#options.onFault(error);
    return { resources: [], gap: FAULT, readAt: this.#options.now(), mark: FAULT.reason };
  };

  async #obtain(plan: AccountPlan, slice: Slice): Promise<Found> {
    const { cache, ttlMs, now } = this.#options;
    const load = (signal: AbortSignal) =>
      this.#limiter.run(signal, async (): Promise<Found> => {
        const page = (resources: number) => this.#progress.page(slice, resources);
        const result = await plan.read(slice, { signal, page });
        return { ...result, readAt: now(), mark: fingerprint(result) };
      });
    const key = sliceKey(slice);
    const wanted = { ttlMs, signal: this.#work.signal, refresh: this.#query.refresh };
    const { value, hit } = await cache.getOrLoad(key, wanted, load);
    const isStale = hit && value.gap !== undefined && now() - value.readAt > GAP_TTL_MS;
    return isStale ? (await cache.getOrLoad(key, { ...wanted, refresh: true }, load)).value : value;
  }

  /** What there is so far. */
  scan(): Scan {
    const { now } = this.#options;
    const found = [...this.#slices].filter((pair): pair is [Slice, Found] => pair[1] !== undefined);
    const missing = [...this.#slices].filter(([, result]) => result === undefined).map(([slice]) => this.#notReached(slice));
    const unplanned = [...this.#unplanned].map(({ account }) => this.#notReached({ account, region: '*', types: ['*'] }));
    const coverage = toCoverage([...this.#entries, ...unplanned, ...missing, ...found.map(([slice, result]) => coverageOf(slice, result))]);
    const oldest = found.reduce((time, [, { readAt }]) => Math.min(time, readAt), now());
    const parts = found.map(([slice, { mark }]) => `${sliceKey(slice)} ${mark}`).sort();
    const { types, regions, accounts } = this.#query;
    return {
      resources: merge(found, this.#query),
      coverage,
      asOf: new Date(oldest).toISOString(),
      id: fingerprint([parts, coverage.entries, types, regions, accounts]),
    };
  }

  #notReached({ account, region, types }: Pick<Slice, 'account' | 'region' | 'types'>): CoverageEntry {
    const { finished, total } = this.#progress;
    const again = this.#query.refresh ? 'Ask again, without a refresh' : 'Ask again';
    const detail = `${again}: ${finished} of ${total} parts are here already.`;
    return { account, region, types, status: 'missing', reason: 'not_reached', detail, resources: 0 };
  }
}

interface Found extends SliceResult {
  /** Milliseconds since the epoch. */
  readAt: number;
  /** The same for the same content: a listing that is read again and has not changed is no new one. */
  mark: string;
}

/**
 * The resources of all slices, each once, that the query asks for. What the services themselves list goes before what the Tagging API
 * lists, because it knows more.
 */
function merge(found: readonly (readonly [Slice, Found])[], { types, regions }: ScanQuery): Resource[] {
  const wantedTypes = new Set(types);
  const wantedRegions = new Set(regions);
  const byArn = new Map<string, Resource>();
  const isFromTags = ([slice]: readonly [Slice, Found]) => slice.types.includes('*');
  const inOrder = [...found.filter((pair) => !isFromTags(pair)), ...found.filter(isFromTags)];
  for (const [, { resources }] of inOrder) {
    for (const resource of resources) {
      if (wantedTypes.size > 0 && !wantedTypes.has(resource.type)) continue;
      if (wantedRegions.size > 0 && !wantedRegions.has(resource.region)) continue;
      if (!byArn.has(resource.arn)) byArn.set(resource.arn, resource);
    }
  }
  return [...byArn.values()];
}

import pLimit from 'p-limit';
import type { CoverageEntry } from '../inventory/coverage.ts';
import type { Slice, SliceResult } from '../inventory/slice.ts';
import type { CallContext, Scan, ScanQuery } from '../inventory/source.ts';
import { ScanRun } from './scan-run.ts';

/** An account to scan. Which slices it has is found out as part of the scan, because that takes calls too. */
export interface AccountPlan {
  account: string;
  /** Must not fail: an account that cannot be scanned comes back as entries. */
  slices(signal: AbortSignal): Promise<{ slices: readonly Slice[]; entries: readonly CoverageEntry[] }>;
  /** Must not fail except for the signal: what could not be read comes back as a gap. */
  read(slice: Slice, reading: { signal: AbortSignal; onPage(resources: number): void }): Promise<SliceResult>;
}

/** A cache of slices that loads each slice once, however many scans need it at the same time. */
export interface SliceCache {
  getOrLoad<T>(
    key: string,
    options: { ttlMs: number; signal: AbortSignal; refresh: boolean },
    load: (signal: AbortSignal) => Promise<T>,
  ): Promise<{ value: T; hit: boolean }>;
}

export interface ScannerOptions {
  cache: SliceCache;
  /** How long a slice stays in the cache, in milliseconds. */
  ttlMs: number;
  /** The most slices that are read at a time, over all accounts and scans. */
  concurrency: number;
  /** How long a scan may continue after its caller has been answered, in milliseconds. */
  backgroundMs: number;
  now(): number;
  /** Called with errors that plans should have turned into gaps. */
  onFault(error: unknown): void;
}

export interface Scanner {
  /**
   * Reads every slice of every account, from the cache where possible. Answers shortly before `call.deadline` with what has been read;
   * the rest continues in the background, so that the next scan finds it in the cache.
   * @throws the signal's reason when it fires; then nothing continues.
   */
  scan(accounts: readonly AccountPlan[], query: ScanQuery, call: CallContext): Promise<Scan>;
  /** Ends the scans that still run in the background. */
  close(): void;
}

export function createScanner(options: ScannerOptions): Scanner {
  const limit = pLimit(options.concurrency);
  const running = new Set<ScanRun>();
  return {
    async scan(accounts, query, call) {
      call.signal.throwIfAborted();
      const run = new ScanRun(options, limit, query, call);
      const cancel = () => run.stop(call.signal.reason);
      call.signal.addEventListener('abort', cancel, { once: true });
      running.add(run);
      run.start(accounts).finally(() => running.delete(run));
      try {
        await run.waitUntil(call.deadline);
        call.signal.throwIfAborted();
        return run.result();
      } finally {
        call.signal.removeEventListener('abort', cancel);
      }
    },
    close() {
      for (const run of running) run.stop(new Error('The server is shutting down.'));
    },
  };
}

import pLimit from 'p-limit';
import type { CallContext, Scan, ScanQuery } from '../inventory/source.ts';
import type { AccountPlan } from './account-plan.ts';
import { type ScanOptions, ScanRun } from './scan-run.ts';

export interface ScannerOptions extends ScanOptions {
  /** The most slices that are read at a time, over all accounts and scans. */
  concurrency: number;
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

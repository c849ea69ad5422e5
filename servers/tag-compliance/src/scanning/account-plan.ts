import type { CoverageEntry } from '../inventory/coverage.ts';
import type { Slice, SliceResult } from '../inventory/slice.ts';

/** An account to scan. Which slices it has is found out as part of the scan, because that takes calls too. */
export interface AccountPlan {
  account: string;
  /** Must not fail: an account that cannot be scanned comes back as entries. */
  slices(signal: AbortSignal): Promise<{ slices: readonly Slice[]; entries: readonly CoverageEntry[] }>;
  /** Must not fail except for the signal: what could not be read comes back as a gap. */
  read(slice: Slice, reading: { signal: AbortSignal; onPage(): void }): Promise<SliceResult>;
}

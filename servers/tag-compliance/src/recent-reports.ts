import { LRUCache } from 'lru-cache';
import type { Report } from './compliance/report/report.ts';

/** The last report of each principal, which only that principal may read as a whole. Kept in this process for a while. */
export interface RecentReports {
  /** Replaces the principal's last report, and announces it. */
  put(principalId: string, report: Report): void;
  last(principalId: string): Report | undefined;
}

export interface RecentReportsLimits {
  /** The most violations in all reports together; the report that was not read for the longest time is dropped first. */
  violations: number;
  ttlMs: number;
  /** A monotonic clock, in milliseconds. */
  now?: () => number;
}

/** About 200 MB at most. */
const LIMITS: RecentReportsLimits = { violations: 500_000, ttlMs: 3_600_000 };

/** @param announce called when a list of reports may have changed */
export function createRecentReports(
  announce: () => void = () => {},
  { violations, ttlMs, now = () => performance.now() }: RecentReportsLimits = LIMITS,
): RecentReports {
  const reports = new LRUCache<string, Report>({
    maxSize: violations,
    sizeCalculation: (report) => report.violations.length + 1,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now },
  });
  return {
    put(principalId, report) {
      reports.set(principalId, report);
      announce();
    },
    last: (principalId) => reports.get(principalId),
  };
}

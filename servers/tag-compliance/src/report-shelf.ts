import { LRUCache } from 'lru-cache';
import type { Report } from './compliance/report/report.ts';

/** The last report that each principal had made, for that one alone to read whole. In this process, and only for a while. */
export interface ReportShelf {
  /** Takes the place of the principal's last one. */
  put(principalId: string, report: Report): void;
  last(principalId: string): Report | undefined;
}

export interface ShelfLimits {
  /** Violations in all reports together: the report that was not asked for for longest goes first. */
  violations: number;
  ttlMs: number;
  /** Milliseconds, never running backwards. */
  now?: () => number;
}

/** Some 200 MB at the very most. */
const LIMITS: ShelfLimits = { violations: 500_000, ttlMs: 3_600_000 };

export function createReportShelf({ violations, ttlMs, now = () => performance.now() }: ShelfLimits = LIMITS): ReportShelf {
  const reports = new LRUCache<string, Report>({
    maxSize: violations,
    sizeCalculation: (report) => report.violations.length + 1,
    ttl: ttlMs,
    ttlResolution: 0,
    perf: { now },
  });
  return {
    put: (principalId, report) => void reports.set(principalId, report),
    last: (principalId) => reports.get(principalId),
  };
}

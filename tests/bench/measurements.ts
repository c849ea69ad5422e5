import type { BenchmarkReport } from '@fairway-mcp/testing/bench';
import type { HttpMeasurement, HttpPlan, Parts } from './http-rounds.ts';
import type { StdioResult } from './stdio-start.ts';

/** Everything that one run of the benchmark measured. */
export interface Measurements {
  at: Date;
  plan: Pick<HttpPlan, 'rounds' | 'seconds' | 'connections'>;
  http: HttpMeasurement[];
  /** The cost of an echo, part by part. */
  parts: Parts;
  /** How long the disk takes to flush a small commit, in milliseconds. */
  flushMs: number;
  stdio: StdioResult[];
  stdioRounds: number;
  /** What each server measured of itself. */
  servers: { name: string; report: BenchmarkReport }[];
}

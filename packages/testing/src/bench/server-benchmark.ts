/**
 * What a server adds to `npm run bench`: its `bench/benchmark.ts` exports a {@link ServerBenchmark} named `benchmark`.
 * The benchmark finds it by the server's folder.
 */
export interface ServerBenchmark {
  /** Flags with which the built server starts without credentials. The time from there to its `tools/list` is measured. */
  startArgs: readonly string[];
  /** Measures what is particular to this server. */
  measure?(context: BenchmarkContext): Promise<BenchmarkReport>;
}

export interface BenchmarkContext {
  /** The built program of the server. */
  program: string;
  /** An empty folder for what the benchmark writes. It is deleted afterwards. */
  folder: string;
  /** Short rounds, for someone who works on the code. */
  isQuick: boolean;
  /** Prints a line about what was measured. */
  print(line: string): void;
}

export interface BenchmarkReport {
  goals: Goal[];
  /** Markdown for `docs/performance.md`: sections with a heading of the third level each. */
  sections: string[];
}

/** A ratio that is asked for. */
export interface Goal {
  what: string;
  /** Exactly one of the bounds is given. */
  atLeast?: number;
  atMost?: number;
  /** NaN: not measured on this machine. */
  measured: number;
  /** `x` for a ratio, ` %` for a share. */
  unit?: 'x' | ' %';
}

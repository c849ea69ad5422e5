export { divide, formatMegabytes, formatRatio, formatWhole, markdownTable } from './markdown.ts';
export { type Core, median, type ProgramOptions, pinning, startProgram, type Usage, usageOf, waitForLine } from './process.ts';
export type { BenchmarkContext, BenchmarkReport, Goal, ServerBenchmark } from './server-benchmark.ts';
export { StdioClient } from './stdio-client.ts';

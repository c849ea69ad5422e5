import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Measurement, runCommand, type ServerProcess, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { mixedLoad } from './support/mixed-load.ts';
import { withFlags, workshop } from './support/programs.ts';

/** An hour of ten calls a second is 36,000 calls: `npm run soak` makes all of them, `npm run test:slow` a tenth. */
const CALLS = Number(process.env.SOAK_CALLS ?? 3600);
const CALLERS = 12;
const ROUNDS = 6;
/** In the first rounds, caches fill and code is compiled. */
const WARM_UP = 2;
/**
 * How much more heap the second half of the rounds after the warm-up may hold than the first half, after garbage collection: 3 % of a heap
 * that is not quite level yet. Half a kilobyte that each call of the short form leaked would be too much.
 */
const MAX_GROWTH_BYTES = 640 * 1024;
/** Compiled code that is flushed during the test would hide a leak of the same size. */
const NODE_FLAGS = ['--no-flush-bytecode'];
const SESSION_MINUTES = 0.01;

/** The smallest of several measurements without load, while idle sessions end. */
async function measureAtRest(server: ServerProcess): Promise<Measurement> {
  const measurements: Measurement[] = [];
  for (let count = 0; count < 8; count += 1) {
    await sleep((SESSION_MINUTES * 60_000) / 3);
    measurements.push(await server.measure());
  }
  return measurements.reduce((least, next) => (next.heap < least.heap ? next : least));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function printMeasurements(measurements: readonly Measurement[]): void {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
  for (const { heap, rss } of measurements) process.stderr.write(`heap ${megabytes(heap)} MB, resident ${megabytes(rss)} MB\n`);
}

describe('a server under mixed load', () => {
  it(`leaks no memory, sockets or timers (${CALLS} calls)`, { timeout: 600_000 + CALLS * 60 }, async () => {
    const receiver = await startOtlpReceiver();
    const stateDir = temporaryFolder();
    const ledger = path.join(temporaryFolder(), 'ledger');
    fs.writeFileSync(ledger, '');
    const newKey = async () => {
      const name = `caller-${Date.now()}`;
      return (
        await runCommand({ ...workshop, stateDir, args: ['keys', 'create', '--name', name, '--scopes', '*', '--expires', '1h'] })
      ).stdout.trim();
    };
    let key = await newKey();
    const limits = ['--rate-limit', '0', '--max-sessions', '60', '--session-idle-minutes', String(SESSION_MINUTES)];
    const launch = withFlags(
      workshop,
      ...limits,
      '--ledger',
      ledger,
      '--allow-unconfirmed',
      'append_line',
      '--response-budget-bytes',
      '200000',
    );
    const collected = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    const server = await startHttp({ ...launch, stateDir, isMeasured: true, nodeFlags: NODE_FLAGS, environment: collected });
    const atRest: Measurement[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await mixedLoad({ url: server.url, key: () => key }, Math.ceil(CALLS / ROUNDS), CALLERS);
      const [id = ''] = /(?<=^fwk_)[a-z0-9]+/.exec(key) ?? [];
      key = await newKey();
      expect((await runCommand({ ...workshop, stateDir, args: ['keys', 'revoke', id] })).code).toBe(0);
      atRest.push(await measureAtRest(server));
    }
    const settled = atRest.slice(WARM_UP);
    const [first, second] = [settled.slice(0, settled.length / 2), settled.slice(settled.length / 2)];
    const growth = mean(second.map(({ heap }) => heap)) - mean(first.map(({ heap }) => heap));
    if (process.env.SOAK_CALLS !== undefined) printMeasurements(atRest);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    expect(atRest.at(-1)?.resources.TCPSocketWrap ?? 0).toBeLessThanOrEqual(first[0]?.resources.TCPSocketWrap ?? 0);
    expect(atRest.at(-1)?.resources.Timeout ?? 0).toBeLessThanOrEqual(first[0]?.resources.Timeout ?? 0);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect((await readAuditTrail(stateDir)).length).toBeGreaterThan(CALLS * 0.7);
  });
});

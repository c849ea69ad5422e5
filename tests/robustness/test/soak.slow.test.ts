import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Measurement, runCommand, type ServerProcess, startHttp, startOtlpReceiver, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { readAuditTrail } from './support/audit-trail.ts';
import { mixedLoad } from './support/mixed-load.ts';
import { withFlags, workshop } from './support/programs.ts';

/** What a busy hour brings, ten calls a second, is 36,000: `npm run soak` makes them all, the quick form a tenth. */
const CALLS = Number(process.env.SOAK_CALLS ?? 3600);
const CALLERS = 12;
const ROUNDS = 6;
/** Before this many rounds are over, caches fill and code is compiled. */
const WARM_UP = 2;
/**
 * How much more may be held, after garbage was collected, in the second half of the settled rounds than in the first: 3 % of a heap that
 * needs some thousand calls more to be quite level. Half a kilobyte that each call of the quick form left behind would be too much.
 */
const MAX_GROWTH_BYTES = 640 * 1024;
/** Code that was not run for a while stays: what is dropped at some moment would hide what was added before it. */
const STEADY = ['--no-flush-bytecode'];
const SESSION_MINUTES = 0.01;

/** What is held when nobody calls and forgotten sessions have ended: the least of several looks. */
async function measureAtRest(server: ServerProcess): Promise<Measurement> {
  const looks: Measurement[] = [];
  for (let look = 0; look < 8; look += 1) {
    await sleep((SESSION_MINUTES * 60_000) / 3);
    looks.push(await server.measure());
  }
  return looks.reduce((least, look) => (look.heap < least.heap ? look : least));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function tell(rest: readonly Measurement[]): void {
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
  for (const { heap, rss } of rest) process.stderr.write(`heap ${megabytes(heap)} MB, resident ${megabytes(rss)} MB\n`);
}

describe('an hour of mixed load', () => {
  it(`leaves nothing behind in memory (${CALLS} calls)`, { timeout: 60_000 + CALLS * 60 }, async () => {
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
    const server = await startHttp({ ...launch, stateDir, isMeasured: true, nodeFlags: STEADY, environment: collected });
    const rest: Measurement[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await mixedLoad({ url: server.url, key: () => key }, Math.ceil(CALLS / ROUNDS), CALLERS);
      const [id = ''] = /(?<=^fwk_)[a-z0-9]+/.exec(key) ?? [];
      key = await newKey();
      expect((await runCommand({ ...workshop, stateDir, args: ['keys', 'revoke', id] })).code).toBe(0);
      rest.push(await measureAtRest(server));
    }
    const settled = rest.slice(WARM_UP);
    const [first, second] = [settled.slice(0, settled.length / 2), settled.slice(settled.length / 2)];
    const growth = mean(second.map(({ heap }) => heap)) - mean(first.map(({ heap }) => heap));
    if (process.env.SOAK_CALLS !== undefined) tell(rest);
    expect(growth).toBeLessThan(MAX_GROWTH_BYTES);
    expect(rest.at(-1)?.resources.TCPSocketWrap ?? 0).toBeLessThanOrEqual(first[0]?.resources.TCPSocketWrap ?? 0);
    expect(rest.at(-1)?.resources.Timeout ?? 0).toBeLessThanOrEqual(first[0]?.resources.Timeout ?? 0);
    server.child.kill('SIGTERM');
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect((await readAuditTrail(stateDir)).length).toBeGreaterThan(CALLS * 0.7);
  });
});

import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Launch, runCommand, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { awsFor } from './support/aws.ts';
import { ERROR, withFlags, workshop } from './support/programs.ts';
import { Account, examineState, type Journal } from './support/recovery-check.ts';
import { Victim } from './support/target-process.ts';

/** 200 deaths in all. Lanes die side by side; in each, a victim has to live with the state that the one before has left. */
const WRITING = { lanes: 3, deaths: 40 };
const SCANNING = { lanes: 2, deaths: 40 };
const PATIENCE_MS = 240_000;
const WRITES_AT_ONCE = 6;

type Write = Record<string, unknown> & { line: string; idempotency_key: string };

describe('kill -9', () => {
  it(`in mid-write, ${WRITING.lanes * WRITING.deaths} times, leaves a sound store, and no write is made twice`, {
    timeout: PATIENCE_MS,
  }, async () => {
    const lanes = await Promise.all(Array.from({ length: WRITING.lanes }, () => new WritingLane().dieRepeatedly()));
    // Deaths have met writes in every state that there is.
    expect([...new Set(lanes.flat())].sort()).toEqual(['finished', 'never begun', 'started']);
  });

  it(`in mid-scan, ${SCANNING.lanes * SCANNING.deaths} times, leaves a sound store`, { timeout: PATIENCE_MS }, async () => {
    const lanes = await Promise.all(Array.from({ length: SCANNING.lanes }, scanRepeatedly));
    const inMidScan = lanes.flat().filter((unanswered) => unanswered > 0);
    expect(inMidScan.length).toBeGreaterThan((SCANNING.lanes * SCANNING.deaths) / 2);
  });
});

/** Writes, dies in the middle, and asks the next process for what it has no answer to. */
class WritingLane {
  readonly #stateDir = temporaryFolder();
  readonly #ledger = path.join(temporaryFolder(), 'ledger.txt');
  readonly #account = new Account();
  readonly #launch: Launch;
  #number = 0;

  constructor() {
    fs.writeFileSync(this.#ledger, '');
    const quick = withFlags(workshop, '--rate-limit', '0', '--log-level', 'warn', '--allow-unconfirmed', 'append_line');
    this.#launch = { ...withFlags(quick, '--ledger', this.#ledger), stateDir: this.#stateDir };
  }

  /** @returns what the journal knew of each write that was in flight at a death. */
  async dieRepeatedly(): Promise<string[]> {
    const fates: string[] = [];
    let [open, journal]: [Write[], Journal] = [[], new Map()];
    for (let death = 0; death < WRITING.deaths; death += 1) {
      const victim = await Victim.start(this.#launch);
      for (const write of open) await this.#askAgain(victim, write, journal.get(write.idempotency_key));
      const writes = Array.from({ length: WRITES_AT_ONCE }, () => this.#newWrite());
      for (const write of writes) void victim.ask('append_line', write);
      await sleep(Math.random() * 30);
      await victim.kill();
      this.#account.add(victim);
      journal = await examineState(this.#stateDir, this.#account);
      open = victim.unanswered.map(({ arguments: write }) => write as Write);
      for (const { answer, arguments: write } of victim.answered) this.#hold(write as Write, answer?.result.isError === true);
      fates.push(...open.map((write) => journal.get(write.idempotency_key) ?? 'never begun'));
    }
    await verify(this.#launch);
    return fates;
  }

  /** What was answered with success has happened once; what was answered with "unknown", at most once. */
  #hold({ line }: Write, isUnknown: boolean): void {
    const times = this.#times(line);
    expect(isUnknown ? [0, 1] : [1]).toContain(times);
  }

  #newWrite(): Write {
    this.#number += 1;
    const name = `line-${String(this.#number).padStart(6, '0')}`;
    return { line: name, idempotency_key: name, before_ms: Math.floor(Math.random() * 12), after_ms: Math.floor(Math.random() * 12) };
  }

  /** What was never begun is done now; of what had begun, nothing is done again, whatever is known of it. */
  async #askAgain(victim: Victim, write: Write, known: 'started' | 'finished' | undefined): Promise<void> {
    const before = this.#times(write.line);
    if (known === undefined) expect(before).toBe(0);
    if (known === 'finished') expect(before).toBe(1);
    const { result } = await victim.ask('append_line', write);
    if (known === 'started') expect(result._meta[ERROR].kind).toBe('unknown_outcome');
    else expect(result.structuredContent).toEqual({ line: write.line });
    expect(this.#times(write.line)).toBe(known === undefined ? 1 : before);
  }

  #times(line: string): number {
    return fs
      .readFileSync(this.#ledger, 'utf8')
      .split('\n')
      .filter((written) => written === line).length;
  }
}

/** Scans AWS and dies after some of its answers. @returns how many calls were in flight at each death. */
async function scanRepeatedly(): Promise<number[]> {
  const { aws, launch } = await awsFor({ size: 60 });
  aws.faults.add({ kind: 'slow', delayMs: 5 });
  const account = new Account();
  const stateDir = temporaryFolder();
  const victims = { ...withFlags(launch, '--rate-limit', '0', '--log-level', 'error', '--regions', 'eu-central-1,us-east-1'), stateDir };
  const unanswered: number[] = [];
  for (let death = 0; death < SCANNING.deaths; death += 1) {
    const victim = await Victim.start(victims);
    aws.clearRequests();
    const most = 1 + Math.floor(Math.random() * 14);
    const calls = [
      ['ec2:instance', 's3:bucket'],
      ['sqs:queue', 'rds:db'],
    ].map((resource_types) => victim.ask('check_tag_compliance', { resource_types }));
    const all = Promise.all([...calls, victim.ask('get_violation_history', {})]).then(() => true);
    while (aws.requests.length < most && !(await Promise.race([all, sleep(1, false)])));
    await victim.kill();
    account.add(victim);
    await examineState(stateDir, account);
    unanswered.push(victim.unanswered.length);
  }
  await verify(victims);
  return unanswered;
}

async function verify({ args: _args, ...launch }: Launch): Promise<void> {
  const verified = await runCommand({ ...launch, args: ['audit', 'verify'] });
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('The audit trail is intact')]);
}

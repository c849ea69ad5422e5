import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Launch, runCommand, temporaryFolder } from '@fairway-mcp/testing';
import { describe, expect, it } from 'vitest';
import { awsFor } from './support/aws.ts';
import { ERROR, withFlags, workshop } from './support/programs.ts';
import { CallRecord, checkState, type Journal } from './support/recovery-check.ts';
import { TargetProcess } from './support/target-process.ts';

/** 200 kills in all. Sequences run side by side; within one, each process starts from the state that the killed one has left. */
const WRITING = { sequences: 6, kills: 20 };
const SCANNING = { sequences: 4, kills: 20 };
const CALLS_AT_ONCE = 6;

type Write = Record<string, unknown> & { line: string; idempotency_key: string };

describe('a server that is killed with SIGKILL', () => {
  it(`loses no answered call and repeats no write when it is killed while it writes (${WRITING.sequences * WRITING.kills} times)`, async () => {
    // Half of them flush the audit rows of reads before the answer, the others within 100 ms: neither may lose one.
    const sequences = Array.from({ length: WRITING.sequences }, (_, index) => new WritingSequence(index % 2 === 0 ? 'writes' : 'always'));
    await Promise.all(sequences.map((sequence) => sequence.run()));
    // The kills have met writes in every state.
    expect([...new Set(sequences.flatMap(({ states }) => states))].sort()).toEqual(['finished', 'not started', 'started']);
    // Calls of both kinds were answered before the kill, so that losing one would have shown.
    for (const kind of ['reads', 'writes'] as const) {
      expect(sequences.reduce((sum, { answered }) => sum + answered[kind], 0)).toBeGreaterThan(WRITING.sequences * WRITING.kills);
    }
  });

  it(`loses no answered call when it is killed while it scans AWS (${SCANNING.sequences * SCANNING.kills} times)`, async () => {
    const sequences = await Promise.all(Array.from({ length: SCANNING.sequences }, killDuringScans));
    const duringScan = sequences.flat().filter((unanswered) => unanswered > 0);
    expect(duringScan.length).toBeGreaterThan((SCANNING.sequences * SCANNING.kills) / 2);
  });
});

/** Kills one process after the other while it writes, and asks the next one for the writes that were not answered. */
class WritingSequence {
  /** What the journal knew of each write that was in flight at a kill. */
  readonly states: string[] = [];
  readonly answered = { reads: 0, writes: 0 };
  readonly #stateDir = temporaryFolder();
  readonly #ledger = path.join(temporaryFolder(), 'ledger.txt');
  readonly #calls = new CallRecord();
  readonly #launch: Launch;
  #count = 0;

  constructor(auditFlush: 'writes' | 'always') {
    fs.writeFileSync(this.#ledger, '');
    const quiet = withFlags(workshop, '--rate-limit', '0', '--log-level', 'warn', '--allow-unconfirmed', 'append_line');
    this.#launch = { ...withFlags(quiet, '--audit-flush', auditFlush, '--ledger', this.#ledger), stateDir: this.#stateDir };
  }

  async run(): Promise<void> {
    let [unanswered, journal]: [Write[], Journal] = [[], new Map()];
    for (let kill = 0; kill < WRITING.kills; kill += 1) {
      const target = await TargetProcess.start(this.#launch);
      for (const write of unanswered) await this.#repeat(target, write, journal.get(write.idempotency_key));
      const isReached = this.#randomMoment(target);
      for (let count = 0; count < CALLS_AT_ONCE; count += 1) {
        void target.callTool('append_line', this.#newWrite());
        void target.callTool('list_lines', { count: 1 });
      }
      do await sleep(Math.random() * 10);
      while (!isReached());
      await target.kill();
      this.#calls.add(target);
      journal = await checkState(this.#stateDir, this.#calls);
      unanswered = target.unanswered.map(({ arguments: write }) => write as Write).filter(isWrite);
      this.#checkAnswers(target);
      this.states.push(...unanswered.map((write) => journal.get(write.idempotency_key) ?? 'not started'));
    }
    await expectIntactTrail(this.#launch);
  }

  /** Some time after the calls are sent, after some answers, or after some effects: on any machine, kills meet every stage of a write. */
  #randomMoment(target: TargetProcess): () => boolean {
    const [answers, effects] = [target.answered.length, this.#lines().length];
    const more = 1 + Math.floor(Math.random() * CALLS_AT_ONCE);
    const moments = [
      () => true,
      () => target.answered.length >= answers + CALLS_AT_ONCE + more,
      () => this.#lines().length >= effects + more,
    ];
    return moments[Math.floor(Math.random() * moments.length)] ?? (() => true);
  }

  /** What was answered with success has happened once; what was answered with an unknown outcome, at most once. */
  #checkAnswers({ answered }: TargetProcess): void {
    for (const { answer, arguments: sent } of answered) {
      if (!isWrite(sent)) {
        this.answered.reads += 1;
        continue;
      }
      this.answered.writes += 1;
      expect(answer?.result.isError === true ? [0, 1] : [1]).toContain(this.#countEffects(sent));
    }
  }

  #newWrite(): Write {
    this.#count += 1;
    const name = `line-${String(this.#count).padStart(6, '0')}`;
    return { line: name, idempotency_key: name, before_ms: Math.floor(Math.random() * 12), after_ms: Math.floor(Math.random() * 12) };
  }

  /** A write that was not started is made now; one that was started is not made again, whatever is known of it. */
  async #repeat(target: TargetProcess, write: Write, known: 'started' | 'finished' | undefined): Promise<void> {
    const before = this.#countEffects(write);
    if (known === undefined) expect(before).toBe(0);
    if (known === 'finished') expect(before).toBe(1);
    const { result } = await target.callTool('append_line', write);
    if (known === 'started') expect(result._meta[ERROR].kind).toBe('unknown_outcome');
    else expect(result.structuredContent).toEqual({ line: write.line });
    expect(this.#countEffects(write)).toBe(known === undefined ? 1 : before);
  }

  #countEffects({ line }: Write): number {
    return this.#lines().filter((written) => written === line).length;
  }

  #lines(): string[] {
    return fs.readFileSync(this.#ledger, 'utf8').split('\n');
  }
}

function isWrite(sent: Record<string, unknown>): sent is Write {
  return 'idempotency_key' in sent;
}

/** Scans AWS and kills each process after a random number of requests to AWS. @returns how many calls were in flight at each kill. */
async function killDuringScans(): Promise<number[]> {
  const { aws, launch } = await awsFor({ size: 60 });
  aws.faults.add({ kind: 'slow', delayMs: 5 });
  const calls = new CallRecord();
  const stateDir = temporaryFolder();
  const scanning = { ...withFlags(launch, '--rate-limit', '0', '--log-level', 'error', '--regions', 'eu-central-1,us-east-1'), stateDir };
  const unanswered: number[] = [];
  for (let kill = 0; kill < SCANNING.kills; kill += 1) {
    const target = await TargetProcess.start(scanning);
    aws.clearRequests();
    const requests = 1 + Math.floor(Math.random() * 14);
    const answers = [
      target.callTool('check_tag_compliance', { resource_types: ['ec2:instance', 's3:bucket'] }),
      target.callTool('check_tag_compliance', { resource_types: ['sqs:queue', 'rds:db'] }),
      target.callTool('get_violation_history', {}),
    ];
    const allAnswered = Promise.all(answers).then(() => true);
    while (aws.requests.length < requests && !(await Promise.race([allAnswered, sleep(1, false)])));
    await target.kill();
    calls.add(target);
    await checkState(stateDir, calls);
    unanswered.push(target.unanswered.length);
  }
  await expectIntactTrail(scanning);
  return unanswered;
}

async function expectIntactTrail({ args: _args, ...launch }: Launch): Promise<void> {
  const verified = await runCommand({ ...launch, args: ['audit', 'verify'] });
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('The audit trail is intact')]);
}

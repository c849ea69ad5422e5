import { describe, expect, it } from 'vitest';
import { resourceOf } from './compliance/arbitraries.fixture.ts';
import { evaluate } from './compliance/evaluate.ts';
import { createEvaluations } from './evaluations.ts';
import type { Resource } from './inventory/resource.ts';
import type { Scan } from './inventory/source.ts';
import { compilePolicy } from './policy/compile-policy.ts';
import { readPolicy } from './policy/read-policy.ts';

const reading = readPolicy('required_tags: [{ name: Owner }]\nexemptions: [{ reason: new, grace_days: 7 }]', 'policy.yaml');
if ('problems' in reading) throw new Error(reading.message);
const policy = compilePolicy(reading.policy);
const never = new AbortController().signal;
const all = { severity: 'all' } as const;

const list = [resourceOf({ arn: 'a', tags: { Owner: 'jane' } }), resourceOf({ arn: 'b', createdAt: '2026-01-01T00:00:00Z' })];

/** A scan that counts how often its resources are gone through. */
function scanOf(id: string, asOf = '2026-01-02T00:00:00Z', resources: readonly Resource[] = list) {
  const passes = { count: 0 };
  const counted = {
    *[Symbol.iterator]() {
      passes.count += 1;
      yield* resources;
    },
  };
  const scan = {
    resources: counted as unknown as readonly Resource[],
    coverage: { isComplete: true, entries: [] },
    asOf,
    id,
  } as unknown as Scan;
  return { scan, passes };
}

describe('the evaluation of a scan', () => {
  it('is computed once for the same question, also when it is asked many times at once', async () => {
    const evaluations = createEvaluations(policy);
    const { scan, passes } = scanOf('one');
    const answers = await Promise.all(Array.from({ length: 20 }, () => evaluations.of(scan, all, never)));
    answers.push(await evaluations.of(scanOf('one').scan, all, never));
    expect(passes.count).toBe(1);
    for (const answer of answers) expect(answer).toEqual(evaluate(list, policy, { asOf: new Date(scan.asOf) }));
  });

  it('is another one for another severity, another scan, and the same content at another time, because grace periods end', async () => {
    const evaluations = createEvaluations(policy);
    const compliant = async (scan: Scan, severity: 'all' | 'warnings_only' = 'all') =>
      (await evaluations.of(scan, { severity }, never)).summary.in_scope;
    const before = await compliant(scanOf('one').scan);
    const { scan: later, passes } = scanOf('one', '2026-02-02T00:00:00Z');
    expect(await compliant(later)).not.toBe(before);
    await compliant(later, 'warnings_only');
    expect(passes.count).toBe(2);
    const other = scanOf('two');
    await compliant(other.scan);
    expect(other.passes.count).toBe(1);
  });

  it('with costs is computed again, because costs change by themselves', async () => {
    const evaluations = createEvaluations(policy);
    const { scan, passes } = scanOf('one');
    const cost = async (amount: string) => (await evaluations.of(scan, { ...all, costs: new Map([['a', amount]]) }, never)).summary.cost;
    expect(await cost('5')).not.toEqual(await cost('7'));
    expect(passes.count).toBe(2);
  });

  it('is no longer waited for by a caller who has left, and still answers the others', async () => {
    const evaluations = createEvaluations(policy);
    const { scan, passes } = scanOf('one');
    const leaving = new AbortController();
    const left = evaluations.of(scan, all, leaving.signal);
    const stayed = evaluations.of(scan, all, never);
    leaving.abort(new Error('left'));
    await expect(left).rejects.toThrow('left');
    expect((await stayed).summary.resources).toBe(2);
    expect(passes.count).toBe(1);
  });

  it('that failed is tried again', async () => {
    const evaluations = createEvaluations(policy);
    const broken = new Proxy([] as Resource[], {
      get: () => {
        throw new Error('broken');
      },
    });
    await expect(evaluations.of({ ...scanOf('one').scan, resources: broken }, all, never)).rejects.toThrow('broken');
    expect((await evaluations.of(scanOf('one').scan, all, never)).summary.resources).toBe(2);
  });
});

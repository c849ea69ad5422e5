import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePolicy } from '../policy/compile-policy.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { inventory, POLICY_TEXT, resourceOf, resources } from './arbitraries.fixture.ts';
import { evaluate, evaluationSchema, type SeverityFilter, startEvaluation } from './evaluate.ts';

function compiled(text: string) {
  const reading = readPolicy(text, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  return compilePolicy(reading.policy);
}

const OWNER = compiled('required_tags: [{ name: Owner, applies_to: [ec2:*] }, { name: Team, applies_to: [ec2:*], severity: warning }]');
const RICH = compiled(POLICY_TEXT);
const right = { Owner: 'jane', Team: 'web' };

describe('evaluation', () => {
  const list = [
    resourceOf({ arn: 'a', tags: right }),
    resourceOf({ arn: 'b', tags: { Owner: 'jane' }, region: 'us-east-1' }),
    resourceOf({ arn: 'c', tags: {}, type: 'ec2:volume' }),
    resourceOf({ arn: 'd', tags: {}, type: 'sqs:queue' }),
  ];

  it('counts what is in scope, by type, region, account, kind and tag', () => {
    expect(evaluate(list, OWNER).summary).toEqual({
      resources: 4,
      exempt: { resources: 0, by_reason: {}, age_unknown: 0 },
      in_scope: 3,
      compliant: 1,
      non_compliant: 2,
      score: 1 / 3,
      violations: 3,
      errors: 1,
      warnings: 2,
      by_kind: [{ kind: 'missing_required_tag', violations: 3, resources: 2 }],
      by_tag: [
        { tag: 'Team', violations: 2, resources: 2 },
        { tag: 'Owner', violations: 1, resources: 1 },
      ],
      by_type: [
        { type: 'ec2:instance', in_scope: 2, compliant: 1, non_compliant: 1, score: 0.5 },
        { type: 'ec2:volume', in_scope: 1, compliant: 0, non_compliant: 1, score: 0 },
      ],
      by_region: [
        { region: 'eu-west-1', in_scope: 2, compliant: 1, non_compliant: 1, score: 0.5 },
        { region: 'us-east-1', in_scope: 1, compliant: 0, non_compliant: 1, score: 0 },
      ],
      by_account: [{ account: '111122223333', in_scope: 3, compliant: 1, non_compliant: 2, score: 1 / 3 }],
    });
  });

  it('counts only violations of the requested severity, and resources without one are compliant', () => {
    expect(evaluate(list, OWNER, { severity: 'errors_only' }).summary).toMatchObject({
      in_scope: 3,
      compliant: 2,
      violations: 1,
      warnings: 0,
    });
    expect(evaluate(list, OWNER, { severity: 'warnings_only' }).summary).toMatchObject({
      in_scope: 3,
      compliant: 1,
      violations: 2,
      errors: 0,
    });
  });

  it('has a score of 1 when nothing is in scope', () => {
    expect(evaluate([], OWNER).summary).toMatchObject({ resources: 0, in_scope: 0, score: 1 });
    expect(evaluate(list.slice(3), OWNER).summary).toMatchObject({ resources: 1, in_scope: 0, score: 1 });
  });

  it('weighs resources of known cost, and counts those of unknown cost', () => {
    const costs = new Map([
      ['a', '0.10'],
      ['b', '0.20'],
      ['d', '99'],
    ]);
    expect(evaluate(list, OWNER, { costs }).summary.cost).toEqual({
      score: 1 / 3,
      compliant: '0.1',
      non_compliant: '0.2',
      known: 2,
      unknown: 1,
    });
    expect(evaluate(list, OWNER, { costs: new Map() }).summary.cost).toMatchObject({ score: undefined, known: 0, unknown: 3 });
    expect(evaluate(list, OWNER, { costs: new Map([['a', '-5']]) }).summary.cost).toMatchObject({ score: undefined, known: 1 });
  });

  it('lists violations up to its limit, and counts all', () => {
    const evaluation = evaluate(list, OWNER, { keep: 1 });
    expect(evaluation.violations).toHaveLength(1);
    expect(evaluation).toMatchObject({ left_out: 2, summary: { violations: 3 } });
  });
});

const filters = fc.constantFrom<SeverityFilter>('all', 'errors_only', 'warnings_only');

describe('evaluation properties', () => {
  it('scores lie in [0, 1] and the counts add up', () => {
    fc.assert(
      fc.property(inventory, filters, ({ list, costs }, severity) => {
        const evaluation = evaluate(list, RICH, { severity, costs });
        expect(evaluationSchema.parse(evaluation)).toEqual(evaluation);
        const { summary } = evaluation;
        expect(summary.compliant + summary.non_compliant).toBe(summary.in_scope);
        expect(summary.in_scope).toBeLessThanOrEqual(summary.resources);
        expect(summary.errors + summary.warnings).toBe(summary.violations);
        expect(summary.violations).toBe(evaluation.violations.length);
        if (summary.in_scope === 0) expect(summary.score).toBe(1);
        for (const groups of [summary.by_type, summary.by_region, summary.by_account]) {
          expect(total(groups.map(({ in_scope }) => in_scope))).toBe(summary.in_scope);
          expect(total(groups.map(({ compliant }) => compliant))).toBe(summary.compliant);
        }
        for (const groups of [summary.by_kind, summary.by_tag])
          expect(total(groups.map(({ violations }) => violations))).toBe(summary.violations);
        expect(new Set(evaluation.violations.map(({ arn }) => arn)).size).toBe(summary.non_compliant);
        expect((summary.cost?.known ?? 0) + (summary.cost?.unknown ?? 0)).toBe(summary.in_scope);
      }),
    );
  });

  it('a filtered evaluation contains exactly the matching violations of the unfiltered one', () => {
    fc.assert(
      fc.property(resources, (list) => {
        const all = evaluate(list, RICH);
        const errors = evaluate(list, RICH, { severity: 'errors_only' });
        const warnings = evaluate(list, RICH, { severity: 'warnings_only' });
        expect(errors.violations).toEqual(all.violations.filter(({ severity }) => severity === 'error'));
        expect(warnings.violations).toEqual(all.violations.filter(({ severity }) => severity === 'warning'));
        expect(errors.summary.in_scope).toBe(all.summary.in_scope);
        expect(errors.summary.score).toBeGreaterThanOrEqual(all.summary.score);
      }),
    );
  });

  it('the result depends neither on the order of resources nor on earlier evaluations', () => {
    fc.assert(
      fc.property(inventory, ({ list, costs }) => {
        const once = evaluate(list, RICH, { costs });
        expect(evaluate(list, RICH, { costs })).toEqual(once);
        const reversed = evaluate(list.toReversed(), RICH, { costs });
        expect(reversed.summary).toEqual(once.summary);
        expect(reversed.violations.map(text).sort()).toEqual(once.violations.map(text).sort());
      }),
    );
  });

  it('adding resources one by one gives the same result as evaluating all at once', () => {
    fc.assert(
      fc.property(resources, (list) => {
        const running = startEvaluation(RICH, {});
        for (const resource of list) {
          running.add(resource);
          running.result();
        }
        expect(running.result()).toEqual(evaluate(list, RICH));
      }),
    );
  });
});

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

describe('exempt resources', () => {
  const policy = compiled('required_tags: [{ name: Owner }]\nexemptions: [{ reason: New., applies_to: [ec2:*], grace_days: 1 }]');
  const asOf = new Date('2026-11-01T00:00:00Z');
  const list = [
    resourceOf({ type: 'ec2:vpc', isAwsDefault: true }),
    resourceOf({ type: 'ec2:vpc', isAwsDefault: true, tags: { Owner: 'x' } }),
    resourceOf({ createdAt: '2026-10-31T23:00:00Z' }),
    resourceOf({ createdAt: '2026-10-01T00:00:00Z' }),
    resourceOf({ type: 'ec2:vpc', tags: { Owner: 'x' } }),
  ];

  it('are counted with their reasons, and in no score, breakdown or violation', () => {
    const { summary, violations } = evaluate(list, policy, { asOf });
    const byReason = { 'Made by AWS by default': 2, 'New.': 1 };
    expect(summary).toMatchObject({ resources: 5, in_scope: 2, compliant: 1, score: 0.5 });
    expect(summary.exempt).toEqual({ resources: 3, by_reason: byReason, age_unknown: 1 });
    expect(summary.by_type.reduce((sum, { in_scope }) => sum + in_scope, 0)).toBe(2);
    expect(violations.map(({ arn }) => arn)).toEqual([list[3]?.arn]);
  });

  it('by their age are none when it is not known when they were listed', () => {
    expect(evaluate(list, policy).summary.exempt).toMatchObject({ resources: 2, age_unknown: 3 });
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { explainIssues, fieldProblems } from './issues.ts';

const schema = z.strictObject({
  days: z.int().min(1).max(90),
  group: z.enum(['day', 'week', 'month']).optional(),
  arns: z.array(z.string().max(5)).optional(),
});

function explain(input: unknown): string {
  const { error } = schema.safeParse(input, { reportInput: true });
  return error === undefined ? '' : explainIssues(fieldProblems(error, Object.keys(schema.shape)));
}

describe('explainIssues', () => {
  it.each([
    [{}, 'days: required (number)'],
    [{ days: 0 }, 'days: Too small: expected number to be >=1'],
    [{ days: 1, group: 'weeks' }, 'group: expected one of day, week, month. Did you mean "week"?'],
    [{ days: 1, grop: 'day' }, 'unknown argument "grop". Did you mean "group"?'],
    [{ days: 1, zzz: 1 }, 'unknown argument "zzz". Known: days, group, arns.'],
    [{ days: 1, arns: ['ok', 'too long'] }, 'arns[1]: Too big: expected string to have <=5 characters'],
  ])('explains %j as %s', (input, expected) => {
    expect(explain(input)).toBe(expected);
  });

  it('never repeats a value of the input', () => {
    expect(explain({ days: 'hunter2-secret', group: 'hunter2-secret', arns: ['hunter2-secret'] })).not.toContain('hunter2');
  });

  it('shows the first problems and counts the rest', () => {
    const many = Array.from({ length: 12 }, () => 'too long');
    expect(explain({ days: 1, arns: many })).toMatch(/; and 4 more$/);
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { explainIssues, fieldProblems } from './issues.ts';

const schema = z.strictObject({
  days: z.int().min(1).max(90),
  group: z.enum(['day', 'week', 'month']).optional(),
  arns: z.array(z.string().max(5)).optional(),
  filters: z
    .array(z.strictObject({ region: z.string().optional(), account: z.string().optional() }))
    .max(10)
    .optional(),
  places: z.record(z.string(), z.strictObject({ zone: z.string() }).readonly()).optional(),
});

function explain(input: unknown): string {
  const { error } = schema.safeParse(input, { reportInput: true });
  return error === undefined ? '' : explainIssues(fieldProblems(error, schema));
}

describe('explainIssues', () => {
  it.each([
    [{}, 'days: required (number)'],
    [{ days: 0 }, 'days: must be at least 1'],
    [{ days: 1, group: 'weeks' }, 'group: expected one of day, week, month. Did you mean "week"?'],
    [{ days: 1, grop: 'day' }, 'unknown argument "grop". Did you mean "group"?'],
    [{ days: 1, zzz: 1 }, 'unknown argument "zzz". Known: days, group, arns, filters, places.'],
    [{ days: 1, filters: [{}, { regoin: 'x' }] }, 'filters[1]: unknown argument "regoin". Did you mean "region"?'],
    [{ days: 1, filters: [{ group: 'x' }] }, 'filters[0]: unknown argument "group". Known: region, account.'],
    [{ days: 1, places: { home: { zone: 'x', street: 1 } } }, 'places.home: unknown argument "street". Known: zone.'],
    [{ days: 1, arns: ['ok', 'too long'] }, 'arns[1]: must have at most 5 characters'],
  ])('explains %j as %s', (input, expected) => {
    expect(explain(input)).toBe(expected);
  });

  it.each([
    [{ region: ['x'] }, 'unknown argument "region". Did you mean "filters.region"?'],
    [{ account_ids: ['x'] }, 'unknown argument "account_ids". Did you mean "filters.account_id"?'],
  ])('finds the argument inside another one: %j', (input, expected) => {
    const nested = z.strictObject({
      days: z.int().optional(),
      filters: z.strictObject({ region: z.any(), account_id: z.any() }).partial().optional(),
    });
    const { error } = nested.safeParse(input, { reportInput: true });
    expect(error && explainIssues(fieldProblems(error, nested))).toBe(expected);
  });

  it('finds the arguments that another tool takes inside one', () => {
    const flat = z.strictObject({ days: z.int().optional(), regions: z.array(z.string()).optional(), account_ids: z.any().optional() });
    const { error } = flat.safeParse({ filters: { region: ['x'], account_id: ['y'] } }, { reportInput: true });
    expect(error && explainIssues(fieldProblems(error, flat))).toBe(
      'unknown argument "filters". Did you mean "regions" and "account_ids"?',
    );
  });

  it('never repeats a value of the input', () => {
    expect(explain({ days: 'hunter2-secret', group: 'hunter2-secret', arns: ['hunter2-secret'] })).not.toContain('hunter2');
  });

  it('shows the first problems and counts the rest', () => {
    const many = Array.from({ length: 12 }, () => 'too long');
    expect(explain({ days: 1, arns: many })).toMatch(/; and 4 more$/);
  });

  it('puts only a few of a hundred thousand unknown names into words', () => {
    let compared = 0;
    const shape = new Proxy(schema.shape, {
      ownKeys(target) {
        compared += 1;
        return Reflect.ownKeys(target);
      },
    });
    const counted = z.strictObject(shape);
    const input = { days: 1, ...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`name${index}`, 1])) };
    const { error } = counted.safeParse(input);
    compared = 0;
    const found = fieldProblems(error as z.ZodError, counted);
    expect([found.problems.length, found.more]).toEqual([8, 99_992]);
    expect(compared).toBeLessThan(10);
    expect(explainIssues(found).length).toBeLessThan(1_000);
  });

  it('shortens names that are the callers own', () => {
    const { error } = schema.safeParse({ days: 1, places: { ['k'.repeat(100_000)]: 5 } });
    expect(explainIssues(fieldProblems(error as z.ZodError, schema)).length).toBeLessThan(200);
  });

  it.each([
    [z.string().min(16), 'x', 'must have at least 16 characters'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().length(1), 'xx', 'must have exactly 1 character'],
    [z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 item'],
    [z.number().max(1000), 1001, 'must be at most 1000'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().lt(5), 5, 'must be less than 5'],
    [z.number().multipleOf(5), 7, 'must be a multiple of 5'],
    [z.int(), 1.5, 'must be a whole number'],
    [z.int(), 'x', 'expected number, received string'],
    [z.iso.date(), '16.11.2026', 'must be an ISO date, such as 2026-11-16'],
    [z.iso.datetime(), 'x', 'must be an ISO date and time, such as 2026-11-16T12:00:00Z'],
    [z.url(), 'x', 'must be an address, such as https://example.com'],
    [z.string().startsWith('arn:'), 'x', 'must begin with "arn:"'],
    [z.string().endsWith(':a'), 'x', 'must end with ":a"'],
    [z.string().includes('='), 'x', 'must contain "="'],
    [z.string().regex(/^[a-z]+$/), '7', 'must match the pattern /^[a-z]+$/'],
    [z.union([z.int(), z.boolean()]), 'x', 'has none of the forms that are accepted'],
    [z.string().min(3, 'Say more.'), 'x', 'Say more.'],
    [z.iso.date('Use a day.'), 'x', 'Use a day.'],
  ])('says it in plain words, or in those of the schema: %#', (field, value, expected) => {
    const { error } = field.safeParse(value);
    expect(explainIssues(fieldProblems(error as z.ZodError))).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { coerceJsonStrings } from './coerce.ts';

const schema = z.strictObject({
  types: z.array(z.string()).optional(),
  filters: z.strictObject({ regions: z.array(z.string()).optional() }).optional(),
  days: z.int().optional(),
  deep: z.boolean().optional(),
  note: z.string().optional(),
});

function repaired(input: unknown): unknown {
  const { error } = schema.safeParse(input);
  return error === undefined ? undefined : coerceJsonStrings(input, error);
}

describe('coerceJsonStrings', () => {
  it.each([
    [{ types: '["a","b"]' }, { types: ['a', 'b'] }],
    [{ types: 'ec2:instance' }, { types: ['ec2:instance'] }],
    [{ filters: '{"regions":["x"]}' }, { filters: { regions: ['x'] } }],
    [{ filters: { regions: '["x"]' } }, { filters: { regions: ['x'] } }],
    [
      { days: '7', deep: 'true' },
      { days: 7, deep: true },
    ],
  ])('repairs %j', (input, expected) => {
    const result = repaired(input);
    expect(result).toEqual(expected);
    expect(schema.safeParse(result).success).toBe(true);
  });

  it.each([[{ days: 'seven' }], [{ filters: '[1]' }], [{ types: '{"a":1}' }], [{ note: 5 }], [{ unknown: 1 }]])(
    'leaves %j alone',
    (input) => {
      expect(repaired(input)).toBeUndefined();
    },
  );

  it('does not change the input itself', () => {
    const input = { types: '["a"]' };
    repaired(input);
    expect(input).toEqual({ types: '["a"]' });
  });
});

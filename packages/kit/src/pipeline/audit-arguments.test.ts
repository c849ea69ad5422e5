import { readable } from '@fairway-mcp/validation';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { auditArguments } from './audit-arguments.ts';

const schema = z.object({
  note: z.string(),
  code: z.string().regex(/^[\w-]+$/),
  type: readable(z.string().regex(/^[a-z0-9]+:[a-z]+$/)).optional(),
  color: z.enum(['red', 'blue']).default('red'),
  days: z.int(),
  where: z.object({ shelf: z.array(readable(z.string().regex(/^S-\d+$/))), from: z.iso.date() }),
});

describe('the arguments of an audit row', () => {
  it('show numbers, choices, dates and readable fields', () => {
    const given = { type: 'ec2:instance', color: 'blue', days: 7, where: { shelf: ['S-1', 'S-22'], from: '2026-11-16' } };
    expect(auditArguments(given, schema)).toEqual(given);
  });

  it('hide text, whatever pattern it fits', () => {
    const given = { note: 'hunter2', code: 'hunter2', type: 'hunter2', color: 'hunter2', where: { shelf: ['hunter2'] } };
    expect(JSON.stringify(auditArguments(given, schema))).not.toContain('hunter2');
    expect(auditArguments(given, schema)).toMatchObject({ code: '[text, 7 characters]', where: { shelf: ['[text, 7 characters]'] } });
  });

  it('hide an identifier in a field that is not marked as readable, and text that is too long', () => {
    expect(auditArguments({ note: 'S-1' }, schema)).toEqual({ note: '[text, 3 characters]' });
    expect(auditArguments({ where: { shelf: [`S-${'1'.repeat(300)}`] } }, schema)).toEqual({
      where: { shelf: ['[text, 302 characters]'] },
    });
  });

  it('count the fields that no schema describes', () => {
    expect(auditArguments({ note: 'x', hunter2: 'hunter2', where: { hunter2: [1] } }, schema)).toEqual({
      note: '[text, 1 characters]',
      where: { '[unknown]': 1 },
      '[unknown]': 1,
    });
    expect(auditArguments({ hunter2: 'hunter2' })).toEqual({ '[unknown]': 1 });
  });
});

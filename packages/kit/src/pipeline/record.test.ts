import { accountId, arn, readable, region } from '@fairway-mcp/validation';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { auditable } from './record.ts';

const schema = z.object({
  note: z.string(),
  code: z.string().regex(/^[\w-]+$/),
  type: readable(z.string().regex(/^[a-z0-9]+:[a-z]+$/)).optional(),
  color: z.enum(['red', 'blue']).default('red'),
  days: z.int(),
  where: z.object({ region: z.array(region()), account: accountId(), arn: arn(), from: z.iso.date() }),
});

describe('the arguments of an audit row', () => {
  it('are readable where they are numbers, choices, places and dates, or declared so', () => {
    const where = { region: ['eu-central-1'], account: '111122223333', arn: 'arn:aws:s3:::bucket', from: '2026-11-16' };
    const given = { type: 'ec2:instance', color: 'blue', days: 7, where };
    expect(auditable(given, schema)).toEqual(given);
  });

  it('are hidden where they are text, whatever pattern they fit', () => {
    const given = {
      note: 'hunter2',
      code: 'hunter2',
      type: 'hunter2',
      color: 'hunter2',
      where: { region: ['hunter2'], account: 'hunter2' },
    };
    expect(JSON.stringify(auditable(given, schema))).not.toContain('hunter2');
    expect(auditable(given, schema)).toMatchObject({ code: '[text, 7 characters]', where: { region: ['[text, 7 characters]'] } });
  });

  it('are counted where nobody knows them', () => {
    expect(auditable({ note: 'x', hunter2: 'hunter2', where: { hunter2: [1] } }, schema)).toEqual({
      note: '[text, 1 characters]',
      where: { '[unknown]': 1 },
      '[unknown]': 1,
    });
    expect(auditable({ hunter2: 'hunter2' })).toEqual({ '[unknown]': 1 });
  });
});

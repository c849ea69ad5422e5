import { readableForm } from '@fairway-mcp/validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arn, formatArn, parseArn } from './arn.ts';

const ARNS = [
  'arn:aws:s3:::bucket',
  'arn:aws:s3:::bucket/key/with:colons',
  'arn:aws:ec2:eu-central-1:123456789012:instance/i-0abc',
  'arn:aws-cn:lambda:cn-north-1:123456789012:function:name:3',
  'arn:aws:iam::123456789012:role/path/to/role',
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/x:*',
  'arn:aws-us-gov:apigateway:us-gov-west-1::/restapis/abc/stages/prod',
];

describe('parseArn and formatArn', () => {
  it.each(ARNS)('give back %s unchanged', (text) => {
    const parts = parseArn(text);
    expect(parts).toBeDefined();
    if (parts !== undefined) expect(formatArn(parts)).toBe(text);
  });

  it.each(['', 'arn:aws:s3:::', 'arn:aws:ec2:eu-central-1:1234:instance/i-1', 'i-0abc', 'ARN:aws:s3:::b', 'arn:aws:s3::bucket'])(
    'reject %j',
    (text) => {
      expect(parseArn(text)).toBeUndefined();
    },
  );

  it('keep the resource whole, whatever separators it contains', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w:/.*@-]{1,60}$/), (resource) => {
        expect(parseArn(`arn:aws:sqs:us-east-1:123456789012:${resource}`)?.resource).toBe(resource);
      }),
    );
  });
});

describe('arn input', () => {
  it('explains the form of an ARN when it rejects a text', () => {
    const result = arn().safeParse('i-0abc');
    expect(result.error?.issues[0]?.message).toContain('arn:PARTITION');
  });

  it.each([
    'arn:aws:ec2:eu-central-1:123456789012:instance/',
    'arn:aws:lambda:eu-central-1:123456789012:function:',
    'arn:aws:s3:::bucket\0',
    'arn:aws:sqs:eu-central-1:123456789012:a\nb',
  ])('rejects one that names nothing: %j', (text) => {
    expect(arn().safeParse(text).success).toBe(false);
  });

  it.each(ARNS)('accepts %s', (text) => {
    expect(arn().safeParse(text).success).toBe(true);
  });

  it('may be shown in the audit trail', () => {
    expect(readableForm(arn())).toBeDefined();
  });
});

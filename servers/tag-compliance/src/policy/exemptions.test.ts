import { describe, expect, it } from 'vitest';
import { resourceOf } from '../compliance/arbitraries.fixture.ts';
import type { Resource } from '../inventory/resource.ts';
import { AWS_DEFAULT_REASON } from './aws-defaults.ts';
import { compilePolicy } from './compile-policy.ts';
import { readPolicy } from './read-policy.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');

function exemptionsOf(text: string) {
  const reading = readPolicy(`required_tags: [{ name: Owner }]\n${text}`, 'policy.yaml');
  if ('problems' in reading) throw new Error(reading.message);
  const policy = compilePolicy(reading.policy);
  return (resource: Partial<Resource>) => policy.exemptionOf(resourceOf(resource), NOW);
}

function problemsOf(text: string): string {
  const reading = readPolicy(`required_tags: [{ name: Owner }]\n${text}`, 'policy.yaml');
  return 'problems' in reading ? reading.message : '';
}

describe('an exemption', () => {
  const ask = exemptionsOf(`
exemptions:
  - { reason: Scratch., applies_to: [s3:bucket], names: ["scratch-*", "*-tmp-*"] }
  - { reason: Sandbox., arns: ["arn:aws:*:*:999988887777:*"] }
  - { reason: Nodes., applies_to: ["ec2:*"], tags: { karpenter.sh/nodepool: "*", Lifetime: 0100 } }
  - { reason: New., applies_to: [ec2:instance, sqs:queue], grace_days: 2 }
`);

  it.each<[string | undefined, Partial<Resource>]>([
    ['Scratch.', { type: 's3:bucket', name: 'scratch-1' }],
    ['Scratch.', { type: 's3:bucket', name: 'a-tmp-b' }],
    [undefined, { type: 's3:bucket', name: 'my-scratch-1' }],
    [undefined, { type: 'rds:db', name: 'scratch-1' }],
    ['Sandbox.', { type: 'rds:db', arn: 'arn:aws:rds:eu-west-1:999988887777:db:x' }],
    [undefined, { type: 'rds:db', arn: 'arn:aws:rds:eu-west-1:111122223333:db:x' }],
    ['Nodes.', { type: 'ec2:volume', tags: { 'karpenter.sh/nodepool': '', Lifetime: '0100' } }],
    [undefined, { type: 'ec2:volume', tags: { 'karpenter.sh/nodepool': '' } }],
    ['New.', { createdAt: '2026-10-31T00:00:00Z' }],
    ['New.', { createdAt: '2026-10-30T00:00:01Z' }],
    [undefined, { createdAt: '2026-10-30T00:00:00Z' }],
  ])('%s %o', (reason, resource) => {
    expect(ask(resource)).toEqual({ reason, isAgeUnknown: false });
  });

  it('for new resources does not apply where AWS does not tell the age, and that is said', () => {
    expect(ask({ type: 'sqs:queue' })).toEqual({ reason: undefined, isAgeUnknown: true });
    expect(ask({ type: 'sqs:queue', arn: 'arn:aws:sqs:eu-west-1:999988887777:x' })).toEqual({ reason: 'Sandbox.', isAgeUnknown: false });
    expect(ask({ type: 'sns:topic' })).toEqual({ reason: undefined, isAgeUnknown: false });
  });
});

describe('what AWS made by default', () => {
  const DEFAULTS: readonly Partial<Resource>[] = [
    { type: 'ec2:vpc', isAwsDefault: true },
    { type: 'rds:pg', arn: 'arn:aws:rds:eu-west-1:111122223333:pg:default.mysql8.0' },
    { type: 'rds:og', arn: 'arn:aws:rds:eu-west-1:111122223333:og:default:mysql-8-0' },
    { type: 'elasticache:parametergroup', arn: 'arn:aws:elasticache:eu-west-1:111122223333:parametergroup:default.redis7' },
    { type: 'iam:role', arn: 'arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS' },
    { type: 'iam:policy', arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    { type: 'kms:alias', arn: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/s3' },
    { type: 'ssm:document', arn: 'arn:aws:ssm:eu-west-1::document/AWS-RunShellScript' },
    { type: 'events:event-bus', arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default' },
    { type: 'athena:workgroup', arn: 'arn:aws:athena:eu-west-1:111122223333:workgroup/primary' },
    { type: 'xray:group', arn: 'arn:aws:xray:eu-west-1:111122223333:group/Default' },
  ];
  const OTHERS: readonly Partial<Resource>[] = [
    { type: 'ec2:vpc' },
    { type: 'rds:pg', arn: 'arn:aws:rds:eu-west-1:111122223333:pg:default-mysql' },
    { type: 'iam:role', arn: 'arn:aws:iam::111122223333:role/service-role/lambda' },
    { type: 'iam:policy', arn: 'arn:aws:iam::111122223333:policy/aws' },
    { type: 'ssm:document', arn: 'arn:aws:ssm:eu-west-1:111122223333:document/AWS-Mine' },
    { type: 'events:event-bus', arn: 'arn:aws:events:eu-west-1:111122223333:event-bus/default-2' },
    { type: 'ecs:cluster', arn: 'arn:aws:ecs:eu-west-1:111122223333:cluster/default' },
    { type: 's3:bucket', arn: 'arn:aws:s3:::default' },
  ];

  it.each(DEFAULTS)('is exempt unless the policy says otherwise: %o', (resource) => {
    expect(exemptionsOf('')(resource).reason).toBe(AWS_DEFAULT_REASON);
    expect(exemptionsOf('exempt_aws_defaults: false')(resource).reason).toBeUndefined();
  });

  it.each(OTHERS)('is not confused with what users made: %o', (resource) => {
    expect(exemptionsOf('')(resource).reason).toBeUndefined();
  });
});

describe('a wrong exemption', () => {
  it.each([
    ['exempt_aws_defaults: perhaps', /exempt_aws_defaults: Write true or false here/],
    ['exemptions: [{ names: [x] }]', /exemptions\[0\]\.reason: This is missing/],
    ['exemptions: [{ reason: " ", names: [x] }]', /exemptions\[0\]\.reason: Write why/],
    ['exemptions: [{ reason: x }]', /exemptions\[0\]: This would exempt every resource/],
    ['exemptions: [{ reason: x, applies_to: ["*"], names: ["*"] }]', /This would exempt every resource/],
    ['exemptions: [{ reason: x, name: [y] }]', /There is no setting "name" here. Did you mean names/],
    ['exemptions: [{ reason: x, applies_to: [ec2] }]', /"ec2" is not a resource type/],
    ['exemptions: [{ reason: x, arns: [vpc-1] }]', /"vpc-1" is not an ARN/],
    ['exemptions: [{ reason: x, names: [""] }]', /This name is empty/],
    ['exemptions: [{ reason: x, grace_days: 0 }]', /more than 0 and at most 3650/],
    ['exemptions: [{ reason: x, grace_days: soon }]', /Write a number here/],
    ['exemptoins: []', /Did you mean exemptions/],
  ])('is refused with the reason: %s', (text, problem) => {
    expect(problemsOf(text)).toMatch(problem);
  });

  it('list that is too long is refused', () => {
    const many = Array.from({ length: 201 }, (_, index) => `{ reason: x, names: [n${index}] }`).join(', ');
    expect(problemsOf(`exemptions: [${many}]`)).toMatch(/This list has 201 entries; at most 200 are possible/);
  });
});

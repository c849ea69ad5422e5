import { RESOURCE_TYPES } from '@fairway-mcp/aws-sample';
import { describe, expect, it } from 'vitest';
import { TYPE_ALIASES, WHOLE_SERVICES } from './known-types.ts';
import { isWantedType, meaningOfType } from './type-names.ts';

describe('the type that a name means', () => {
  it.each([
    ['rds:instance', 'rds:db'],
    ['rds:instances', 'rds:db'],
    ['rds:DBInstance', 'rds:db'],
    ['rds:db-cluster', 'rds:cluster'],
    ['ec2:instances', 'ec2:instance'],
    ['EC2:Instance', 'ec2:instance'],
    ['ec2:nat-gateway', 'ec2:natgateway'],
    ['ec2:security_groups', 'ec2:security-group'],
    ['ec2:sg', 'ec2:security-group'],
    ['vpc:subnets', 'ec2:subnet'],
    ['ebs:volumes', 'ec2:volume'],
    ['elb:load-balancer', 'elasticloadbalancing:loadbalancer'],
    ['efs:filesystems', 'elasticfilesystem:file-system'],
    ['ecr:repositories', 'ecr:repository'],
    ['states:statemachine', 'states:stateMachine'],
    ['AWS::EC2::Instance', 'ec2:instance'],
    ['AWS::RDS::DBInstance', 'rds:db'],
    ['AWS::S3::Bucket', 's3:bucket'],
    ['AWS::ElasticLoadBalancingV2::TargetGroup', 'elasticloadbalancing:targetgroup'],
    ['AWS::StepFunctions::StateMachine', 'states:stateMachine'],
    ['AWS::Logs::LogGroup', 'logs:log-group'],
    ['ec2:*', 'ec2:*'],
    ['EC2:*', 'ec2:*'],
    ['ec2:ALL_SUPPORTED', 'ec2:*'],
    ['*', '*'],
    // Not known here, so that they are taken as they are.
    ['glue:job', 'glue:job'],
    ['rds:og', 'rds:og'],
    ['ec2:reserved-instances', 'ec2:reserved-instances'],
    ['constructor:toString', 'constructor:toString'],
  ])('of %s is %s', (name, type) => {
    expect(meaningOfType(name)).toEqual({ type });
  });

  it.each([
    ['ec2:instnace', 'is no type of ec2. Did you mean "ec2:instance"?'],
    ['AWS::EC2::Instanse', 'is no type of ec2. Did you mean "ec2:instance"?'],
    ['s3:buckt', 'is no type of s3. Did you mean "s3:bucket"?'],
    ['AWS::Glue::SecurityConfiguration', 'is a name of CloudFormation whose type is not known here; expected SERVICE:TYPE as in ARNs'],
  ])('of %s is none: it %s', (name, problem) => {
    expect(meaningOfType(name)).toEqual({ problem });
  });

  it('of a name that AWS uses is that name', () => {
    const known = Object.entries(WHOLE_SERVICES).flatMap(([service, words]) => words.map((word) => `${service}:${word}`));
    for (const type of [...known, ...RESOURCE_TYPES]) expect(meaningOfType(type)).toEqual({ type });
  });

  it('of other names is one of AWS', () => {
    const wrong = Object.entries(TYPE_ALIASES).flatMap(([service, aliases]) =>
      Object.entries(aliases).filter(
        ([alias, word]) => !WHOLE_SERVICES[service]?.includes(word) || WHOLE_SERVICES[service].includes(alias),
      ),
    );
    expect(wrong).toEqual([]);
  });
});

describe('wanted types', () => {
  it.each([
    ['ec2:instance', [], true],
    ['ec2:instance', ['ec2:instance'], true],
    ['ec2:instance', ['ec2:*'], true],
    ['ec2:instance', ['s3:*', 'ec2:volume'], false],
    ['ecs:cluster', ['ec2:*'], false],
  ])('%s among %j: %s', (type, wanted, isWanted) => {
    expect(isWantedType(type, wanted)).toBe(isWanted);
  });
});

import { describe, expect, it } from 'vitest';
import { READERS } from '../upstream/readers/index.ts';
import { servicesOf, typeOfUsage } from './service-types.ts';

describe('typeOfUsage', () => {
  it.each([
    ['Amazon Elastic Compute Cloud - Compute', 'EUC1-BoxUsage:m7g.large', 'ec2:instance'],
    ['EC2 - Other', 'EUC1-EBS:VolumeUsage.gp3', 'ec2:volume'],
    ['EC2 - Other', 'EBS:VolumeP-IOPS.io2', 'ec2:volume'],
    ['EC2 - Other', 'USW2-EBS:SnapshotUsage', 'ec2:snapshot'],
    ['EC2 - Other', 'EUC1-NatGateway-Bytes', 'ec2:natgateway'],
    ['EC2 - Other', 'EUC1-DataTransfer-Regional-Bytes', 'other: EC2 - Other'],
    ['Amazon Relational Database Service', 'EUC1-InstanceUsage:db.t4g.medium', 'rds:db'],
    ['Amazon Relational Database Service', 'EUC1-Aurora:StorageUsage', 'rds:cluster'],
    ['Amazon Simple Storage Service', 'EUC1-TimedStorage-ByteHrs', 's3:bucket'],
    ['AmazonCloudWatch', 'EUC1-TimedStorage-ByteHrs', 'logs:log-group'],
    ['AmazonCloudWatch', 'EUC1-CW:AlarmMonitorUsage', 'cloudwatch:alarm'],
    ['AmazonCloudWatch', 'EUC1-CW:MetricMonitorUsage', 'other: AmazonCloudWatch'],
    ['AWS Support (Business)', 'Dollar', 'other: AWS Support (Business)'],
    ['constructor', 'x', 'other: constructor'],
  ])('takes %s, %s for %s', (service, usageType, type) => {
    expect(typeOfUsage(service, usageType)).toBe(type);
  });
});

describe('servicesOf', () => {
  it('names each service once, and no service for types that are free', () => {
    expect(servicesOf(['ec2:volume', 'ec2:snapshot', 'lambda:function'])).toEqual(['EC2 - Other', 'AWS Lambda']);
    expect(servicesOf(['ec2:vpc', 'ec2:subnet', 'ec2:security-group'])).toEqual([]);
  });

  it('covers every type with a reader that is billed', () => {
    const free = ['ec2:vpc', 'ec2:subnet', 'ec2:security-group', 'ecs:cluster', 'elasticloadbalancing:targetgroup'];
    const unbilled = READERS.map(({ type }) => type).filter((type) => servicesOf([type]).length === 0);
    expect(unbilled.sort()).toEqual(free.sort());
  });
});

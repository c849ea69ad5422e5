import { dynamodbReaders } from './dynamodb.ts';
import { ec2Readers } from './ec2.ts';
import { ecsReaders } from './ecs.ts';
import { efsReaders } from './efs.ts';
import { elbReaders } from './elb.ts';
import { lambdaReaders } from './lambda.ts';
import { rdsReaders } from './rds.ts';
import type { Reader } from './reader.ts';
import { s3Readers } from './s3.ts';
import { snsReaders } from './sns.ts';
import { sqsReaders } from './sqs.ts';

/** Every type whose service lists it itself, so that never-tagged resources are found too. */
export const READERS: readonly Reader[] = [
  ...ec2Readers,
  ...rdsReaders,
  ...s3Readers,
  ...lambdaReaders,
  ...ecsReaders,
  ...dynamodbReaders,
  ...efsReaders,
  ...elbReaders,
  ...snsReaders,
  ...sqsReaders,
];

import { describe, expect, it } from 'vitest';
import { typeOfArn } from './arn-type.ts';

const KNOWN: readonly (readonly [string, string])[] = [
  ['arn:aws:ec2:eu-west-1:111122223333:instance/i-0abcd1234ef567890', 'ec2:instance'],
  ['arn:aws:ec2:eu-west-1:111122223333:natgateway/nat-0abc1234def567890', 'ec2:natgateway'],
  ['arn:aws:ec2:eu-west-1::snapshot/snap-0abc1234def567890', 'ec2:snapshot'],
  ['arn:aws-cn:ec2:cn-north-1:111122223333:security-group/sg-0abc1234', 'ec2:security-group'],
  ['arn:aws:s3:::my-bucket', 's3:bucket'],
  ['arn:aws:s3:::my-bucket/a/key with spaces.txt', 's3:object'],
  ['arn:aws:s3:us-east-1:111122223333:accesspoint/finance', 's3:accesspoint'],
  ['arn:aws:s3express:us-east-1:111122223333:bucket/data--use1-az4--x-s3', 's3express:bucket'],
  ['arn:aws:sns:us-east-1:111122223333:alerts', 'sns:topic'],
  ['arn:aws:sns:us-east-1:111122223333:alerts:0f3cbc5a-1111-2222-3333-444455556666', 'sns:subscription'],
  ['arn:aws:sqs:us-east-1:111122223333:orders.fifo', 'sqs:queue'],
  ['arn:aws:rds:eu-central-1:111122223333:db:orders-prod', 'rds:db'],
  ['arn:aws:rds:eu-central-1:111122223333:cluster-snapshot:rds:orders-2026-01-01-00-00', 'rds:cluster-snapshot'],
  ['arn:aws:lambda:eu-west-1:111122223333:function:resize:live', 'lambda:function'],
  ['arn:aws:lambda:eu-west-1:111122223333:layer:common:7', 'lambda:layer'],
  ['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/resize:*', 'logs:log-group'],
  ['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/resize:log-stream:2026/01/01/[$LATEST]abc', 'logs:log-stream'],
  ['arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5', 'apigateway:restapis'],
  ['arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/prod', 'apigateway:stages'],
  ['arn:aws:apigateway:us-east-1::/domainnames/api.example.com', 'apigateway:domainnames'],
  ['arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/GET/pets/*', 'execute-api:api'],
  ['arn:aws:iam::111122223333:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', 'iam:role'],
  ['arn:aws:iam::111122223333:root', 'iam:root'],
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'iam:policy'],
  ['arn:aws:sts::111122223333:assumed-role/Deploy/session', 'sts:assumed-role'],
  ['arn:aws:dynamodb:us-east-1:111122223333:table/Orders', 'dynamodb:table'],
  ['arn:aws:dynamodb:us-east-1:111122223333:table/Orders/index/ByDate', 'dynamodb:index'],
  ['arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188', 'elasticloadbalancing:loadbalancer'],
  ['arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/73e2d6bc24d8a067', 'elasticloadbalancing:targetgroup'],
  ['arn:aws:ecs:us-east-1:111122223333:service/main/api', 'ecs:service'],
  ['arn:aws:ecs:us-east-1:111122223333:task-definition/api:12', 'ecs:task-definition'],
  ['arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/fs-12345678', 'elasticfilesystem:file-system'],
  ['arn:aws:wafv2:us-east-1:111122223333:regional/webacl/edge/0f3cbc5a-1111-2222-3333-444455556666', 'wafv2:webacl'],
  [
    'arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:0f3cbc5a-1111-2222-3333-444455556666:autoScalingGroupName/web',
    'autoscaling:autoScalingGroup',
  ],
  ['arn:aws:codepipeline:us-east-1:111122223333:release/Deploy/ToProd', 'codepipeline:pipeline'],
  ['arn:aws:codepipeline:us-east-1:111122223333:webhook:hook', 'codepipeline:webhook'],
  ['arn:aws:codecommit:us-east-1:111122223333:website', 'codecommit:repository'],
  ['arn:aws:kinesis:us-east-1:111122223333:stream/clicks/consumer/app:1700000000', 'kinesis:consumer'],
  ['arn:aws:cassandra:us-east-1:111122223333:/keyspace/shop/table/orders', 'cassandra:table'],
  ['arn:aws:swf:us-east-1:111122223333:/domain/orders', 'swf:domain'],
  ['arn:aws:greengrass:us-east-1:111122223333:/greengrass/groups/0f3cbc5a', 'greengrass:groups'],
  ['arn:aws:amplify:us-east-1:111122223333:apps/d1a2b3/branches/main', 'amplify:branches'],
  ['arn:aws:cloudfront::111122223333:distribution/EDFDVBD6EXAMPLE', 'cloudfront:distribution'],
  ['arn:aws:route53:::hostedzone/Z148QEXAMPLE8V', 'route53:hostedzone'],
  ['arn:aws:states:us-east-1:111122223333:stateMachine:nightly', 'states:stateMachine'],
  ['arn:aws:new-service:us-east-1:111122223333:something', 'new-service:resource'],
];

describe('typeOfArn', () => {
  it.each(KNOWN)('%s is %s', (arn, type) => {
    expect(typeOfArn(arn)).toBe(type);
  });

  it('returns "unknown" for text that is not an ARN', () => {
    expect(typeOfArn('i-0abcd1234ef567890')).toBe('unknown');
  });
});

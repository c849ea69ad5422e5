import { describe, expect, it } from 'vitest';
import { describeArn } from './describe-arn.ts';

const A = '111122223333';
const UUID = '0f3cbc5a-1111-2222-3333-444455556666';

/** ARN, type, name, words. */
const ARNS: readonly (readonly [string, string, string, string])[] = [
  [`arn:aws:ec2:eu-west-1:${A}:instance/i-0abcd1234ef567890`, 'ec2:instance', 'i-0abcd1234ef567890', ''],
  [`arn:aws:ec2:eu-west-1:${A}:volume/vol-0abc1234def567890`, 'ec2:volume', 'vol-0abc1234def567890', ''],
  ['arn:aws:ec2:eu-west-1::image/ami-0abc1234def567890', 'ec2:image', 'ami-0abc1234def567890', ''],
  ['arn:aws:s3:::Payments-Logs-prod-eu', 's3:bucket', 'Payments-Logs-prod-eu', 'payments logs prod eu'],
  ['arn:aws:s3:::payments-raw/2026/01/report.csv', 's3:object', 'payments-raw/2026/01/report.csv', 'payments raw'],
  [`arn:aws:s3:us-east-1:${A}:accesspoint/finance-read`, 's3:accesspoint', 'finance-read', 'finance read'],
  [`arn:aws:lambda:eu-west-1:${A}:function:resizeImages`, 'lambda:function', 'resizeImages', 'resize images'],
  [`arn:aws:lambda:eu-west-1:${A}:function:orders-sync:live`, 'lambda:function', 'orders-sync', 'orders sync live'],
  [`arn:aws:lambda:eu-west-1:${A}:layer:common-utils:7`, 'lambda:layer', 'common-utils', 'common utils'],
  [`arn:aws:lambda:eu-west-1:${A}:event-source-mapping:${UUID}`, 'lambda:event-source-mapping', UUID, ''],
  [`arn:aws:logs:eu-west-1:${A}:log-group:/aws/lambda/orders-sync:*`, 'logs:log-group', '/aws/lambda/orders-sync', 'lambda orders sync'],
  [`arn:aws:logs:eu-west-1:${A}:log-group:/ecs/team:blue/api`, 'logs:log-group', '/ecs/team:blue/api', 'ecs team blue api'],
  [`arn:aws:rds:eu-central-1:${A}:db:orders-prod-01`, 'rds:db', 'orders-prod-01', 'orders prod'],
  [`arn:aws:rds:eu-central-1:${A}:cluster:orders`, 'rds:cluster', 'orders', 'orders'],
  [
    `arn:aws:rds:eu-central-1:${A}:cluster-snapshot:rds:orders-2026-01-01-00-00`,
    'rds:cluster-snapshot',
    'orders-2026-01-01-00-00',
    'rds orders',
  ],
  [`arn:aws:dynamodb:us-east-1:${A}:table/Orders`, 'dynamodb:table', 'Orders', 'orders'],
  [`arn:aws:dynamodb:us-east-1:${A}:table/Orders/index/ByDate`, 'dynamodb:index', 'ByDate', 'table orders index by date'],
  [`arn:aws:ecs:us-east-1:${A}:service/payments-prod/api`, 'ecs:service', 'api', 'payments prod api'],
  [`arn:aws:ecs:us-east-1:${A}:service/api`, 'ecs:service', 'api', 'api'],
  [`arn:aws:ecs:us-east-1:${A}:task-definition/checkout-api:12`, 'ecs:task-definition', 'checkout-api', 'checkout api'],
  [`arn:aws:ecs:us-east-1:${A}:task/main/0123456789abcdef0123456789abcdef`, 'ecs:task', 'main', 'main'],
  [
    `arn:aws:elasticloadbalancing:us-east-1:${A}:loadbalancer/app/web-prod/50dc6c495c0c9188`,
    'elasticloadbalancing:loadbalancer',
    'web-prod',
    'web prod',
  ],
  [`arn:aws:elasticloadbalancing:us-east-1:${A}:loadbalancer/classic`, 'elasticloadbalancing:loadbalancer', 'classic', 'classic'],
  [`arn:aws:elasticloadbalancing:us-east-1:${A}:targetgroup/web/73e2d6bc24d8a067`, 'elasticloadbalancing:targetgroup', 'web', 'web'],
  [
    `arn:aws:elasticloadbalancing:us-east-1:${A}:listener/app/web/50dc6c495c0c9188/0467ef3c8400ae65`,
    'elasticloadbalancing:listener',
    'web',
    'web',
  ],
  [`arn:aws:elasticfilesystem:us-east-1:${A}:file-system/fs-12345678`, 'elasticfilesystem:file-system', 'fs-12345678', ''],
  [`arn:aws:sns:us-east-1:${A}:billing-alerts`, 'sns:topic', 'billing-alerts', 'billing alerts'],
  [`arn:aws:sqs:us-east-1:${A}:orders-dlq.fifo`, 'sqs:queue', 'orders-dlq.fifo', 'orders dlq fifo'],
  [`arn:aws:iam::${A}:role/service-role/teams/payments/PaymentsDeployRole`, 'iam:role', 'PaymentsDeployRole', 'teams payments deploy role'],
  [`arn:aws:iam::${A}:user/jane.doe`, 'iam:user', 'jane.doe', 'jane doe'],
  [`arn:aws:iam::${A}:instance-profile/web`, 'iam:instance-profile', 'web', 'web'],
  ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'iam:policy', 'ReadOnlyAccess', 'read only access'],
  ['arn:aws:apigateway:us-east-1::/restapis/a1b2c3d4e5/stages/prod', 'apigateway:stages', 'prod', 'restapis stages prod'],
  [
    'arn:aws:apigateway:us-east-1::/domainnames/api.example.com',
    'apigateway:domainnames',
    'api.example.com',
    'domainnames api example com',
  ],
  [
    `arn:aws:secretsmanager:us-east-1:${A}:secret:payments/db-password-AbC123`,
    'secretsmanager:secret',
    'db-password',
    'payments db password',
  ],
  [`arn:aws:ssm:us-east-1:${A}:parameter/payments/prod/db-url`, 'ssm:parameter', '/payments/prod/db-url', 'payments prod db url'],
  [`arn:aws:cloudformation:us-east-1:${A}:stack/payments-network/${UUID}`, 'cloudformation:stack', 'payments-network', 'payments network'],
  [
    `arn:aws:autoscaling:us-east-1:${A}:autoScalingGroup:${UUID}:autoScalingGroupName/web-asg`,
    'autoscaling:autoScalingGroup',
    'web-asg',
    'web asg',
  ],
  [`arn:aws:eks:us-east-1:${A}:nodegroup/main/spot-workers/${UUID}`, 'eks:nodegroup', 'spot-workers', 'main spot workers'],
  [`arn:aws:ecr:us-east-1:${A}:repository/payments/api`, 'ecr:repository', 'payments/api', 'payments api'],
  [`arn:aws:wafv2:us-east-1:${A}:regional/webacl/edge/${UUID}`, 'wafv2:webacl', 'edge', 'edge'],
  [`arn:aws:kms:us-east-1:${A}:key/${UUID}`, 'kms:key', UUID, ''],
  [`arn:aws:kms:us-east-1:${A}:alias/payments`, 'kms:alias', 'payments', 'payments'],
  [`arn:aws:states:us-east-1:${A}:stateMachine:NightlyBilling`, 'states:stateMachine', 'NightlyBilling', 'nightly billing'],
  [`arn:aws:events:us-east-1:${A}:rule/orders-bus/on-order`, 'events:rule', 'on-order', 'orders bus on order'],
  [`arn:aws:kinesis:us-east-1:${A}:stream/clicks`, 'kinesis:stream', 'clicks', 'clicks'],
  [`arn:aws:codepipeline:us-east-1:${A}:release-web`, 'codepipeline:pipeline', 'release-web', 'release web'],
  [`arn:aws:cloudwatch:us-east-1:${A}:alarm:orders 5xx rate`, 'cloudwatch:alarm', 'orders 5xx rate', 'orders rate'],
  [`arn:aws:cloudfront::${A}:distribution/EDFDVBD6EXAMPLE`, 'cloudfront:distribution', 'EDFDVBD6EXAMPLE', ''],
  ['arn:aws:route53:::hostedzone/Z148QEXAMPLE8V', 'route53:hostedzone', 'Z148QEXAMPLE8V', ''],
  [`arn:aws-us-gov:elasticache:us-gov-west-1:${A}:cluster:sessions-001`, 'elasticache:cluster', 'sessions-001', 'sessions'],
  [`arn:aws:mq:us-east-1:${A}:broker:orders:b-${UUID}`, 'mq:broker', 'orders', 'orders'],
  [`arn:aws:backup:us-east-1:${A}:backup-vault:Default`, 'backup:backup-vault', 'Default', 'default'],
  [`arn:aws:new-service:us-east-1:${A}:thing/with/parts`, 'new-service:thing', 'parts', 'with parts'],
];

describe('an ARN', () => {
  it.each(ARNS)('%s is described', (arn, type, name, words) => {
    const description = describeArn(arn);
    expect([description?.type, description?.name, description?.tokens.join(' ')]).toEqual([type, name, words]);
  });

  it('has its region and account extracted', () => {
    expect(describeArn(`arn:aws:sqs:us-east-1:${A}:q`)).toMatchObject({ region: 'us-east-1', account: A });
    expect(describeArn('arn:aws:s3:::b')).toMatchObject({ region: 'global', account: '' });
    expect(describeArn('arn:aws:iam::aws:policy/X')).toMatchObject({ region: 'global', account: '' });
  });

  it('is required: other text has no description', () => {
    expect(describeArn('i-0abcd1234ef567890')).toBeUndefined();
  });
});

import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { JSON_ERRORS } from '../../common-errors.ts';
import type { Call, JsonOperation, JsonService } from '../../service.ts';
import { addTags, describeTagProblem, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { JsonInput } from '../../wire/json-input.ts';

type Queue = ResourceOf<'sqs:queue'>;

const MAX_QUEUES = 1000;

/** Pages only come to those who say how large; others get the first thousand and no word of more. */
const listQueues: JsonOperation = (input, call) => {
  const prefix = input.text('QueueNamePrefix') ?? '';
  const limit = input.integer('MaxResults');
  if (limit !== undefined && (limit < 1 || limit > MAX_QUEUES)) {
    throw new ServiceError(
      'InvalidParameterValue',
      `Value for parameter MaxResults is invalid. Reason: Must be an integer from 1 to ${MAX_QUEUES}.`,
    );
  }
  const wanted = call.state.of(call.account, call.region, 'sqs:queue').filter(({ name }) => name.startsWith(prefix));
  const page =
    limit === undefined
      ? { items: wanted.slice(0, MAX_QUEUES), next: undefined }
      : call.pager.page(wanted, { listing: `sqs/queues/${call.account}/${call.region}/${prefix}`, limit, token: input.text('NextToken') });
  return { QueueUrls: page.items.map((queue) => urlOf(queue, call)), NextToken: page.next };
};

const listTags: JsonOperation = (input, call) => {
  const { tags = {} } = findQueue(input, call);
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
};

const tagQueue: JsonOperation = (input, call) => {
  const queue = findQueue(input, call);
  const tags = input.textMap('Tags');
  if (Object.keys(tags).length === 0) throw new ServiceError('MissingParameter', 'The request must contain the parameter Tags.');
  const problem = describeTagProblem(tags);
  if (problem !== undefined) throw new ServiceError('InvalidParameterValue', problem);
  const changed = addTags(queue.tags, tags);
  if (changed === undefined) throw new ServiceError('InvalidParameterValue', `Too many tags added for queue ${queue.name}.`);
  call.state.setTags(queue.arn, changed);
  return undefined;
};

const untagQueue: JsonOperation = (input, call) => {
  const queue = findQueue(input, call);
  const keys = input.texts('TagKeys');
  if (keys.length === 0) throw new ServiceError('MissingParameter', 'The request must contain the parameter TagKeys.');
  call.state.setTags(queue.arn, removeTags(queue.tags, keys));
  return undefined;
};

const getAttributes: JsonOperation = (input, call) => {
  const queue = findQueue(input, call);
  const all = attributesOf(queue);
  const asked = input.texts('AttributeNames');
  const unknown = asked.find((name) => name !== 'All' && !KNOWN_ATTRIBUTES.has(name));
  if (unknown !== undefined) throw new ServiceError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  const wanted = asked.includes('All') ? all : Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
  return Object.keys(wanted).length === 0 ? {} : { Attributes: wanted };
};

/** On AWS the host names the region; on one loopback port for all regions it cannot. */
function urlOf({ name, account }: Queue, { origin }: Call): string {
  return `${origin}/${account}/${name}`;
}

function findQueue(input: JsonInput, { state, region, account }: Call): Queue {
  const url = input.text('QueueUrl');
  if (url === undefined) throw new ServiceError('MissingParameter', 'The request must contain the parameter QueueUrl.');
  const [, owner, name] = /\/(\d{12})\/([\w.-]+)$/.exec(url) ?? [];
  const queue = state.byArn(`arn:aws:sqs:${region}:${owner}:${name}`);
  if (queue?.type === 'sqs:queue' && owner === account) return queue;
  throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.', {
    headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
  });
}

const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]);

function attributesOf({ arn, createdAt, attributes }: Queue): Record<string, string> {
  const created = String(Math.floor(Date.parse(createdAt) / 1000));
  const redrive: Readonly<Record<string, string>> =
    attributes.deadLetterQueue === undefined
      ? {}
      : { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: attributes.deadLetterQueue, maxReceiveCount: 3 }) };
  const fifo: Readonly<Record<string, string>> = attributes.isFifo
    ? { FifoQueue: 'true', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue' }
    : {};
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    ApproximateNumberOfMessagesDelayed: '0',
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: '30',
    MaximumMessageSize: '262144',
    MessageRetentionPeriod: '345600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '0',
    SqsManagedSseEnabled: 'true',
    ...redrive,
    ...fifo,
  };
}

/**
 * Errors carry the name they had in the query protocol, for clients of that time.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
 */
export const sqs: JsonService = {
  name: 'sqs',
  protocol: 'json-1.0',
  target: 'AmazonSQS',
  errorNamespace: 'com.amazonaws.sqs',
  errors: {
    ...JSON_ERRORS,
    throttled: {
      code: 'RequestThrottled',
      status: 403,
      message: 'Request is throttled.',
      headers: { 'x-amzn-query-error': 'RequestThrottled;Sender' },
    },
    denied: { code: 'AccessDeniedException', status: 403, headers: { 'x-amzn-query-error': 'AccessDenied;Sender' } },
    expiredCredentials: { ...JSON_ERRORS.expiredCredentials, status: 403, headers: { 'x-amzn-query-error': 'ExpiredToken;Sender' } },
    invalidCredentials: {
      ...JSON_ERRORS.invalidCredentials,
      status: 403,
      headers: { 'x-amzn-query-error': 'InvalidClientTokenId;Sender' },
    },
    regionDisabled: { ...JSON_ERRORS.regionDisabled, status: 403, headers: { 'x-amzn-query-error': 'InvalidClientTokenId;Sender' } },
    badToken: {
      code: 'InvalidParameterValue',
      status: 400,
      message: 'Invalid or expired next token.',
      headers: { 'x-amzn-query-error': 'InvalidParameterValue;Sender' },
    },
  },
  operations: {
    ListQueues: listQueues,
    ListQueueTags: listTags,
    GetQueueAttributes: getAttributes,
    TagQueue: tagQueue,
    UntagQueue: untagQueue,
  },
};

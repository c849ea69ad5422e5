import type { ResourceOf } from '@fairway-mcp/aws-sample';
import { QUERY_ERRORS } from '../../common-errors.ts';
import type { Call, QueryOperation, QueryService } from '../../service.ts';
import { addTags, describeTagProblem, removeTags } from '../../tags.ts';
import { ServiceError } from '../../wire/errors.ts';
import type { QueryInput } from '../../wire/query-input.ts';
import { items } from '../../wire/xml.ts';

const TOPICS_PER_PAGE = 100;

const listTopics: QueryOperation = (input, call) => {
  const { items: found, next } = call.pager.page(call.state.of(call.account, call.region, 'sns:topic'), {
    listing: `sns/topics/${call.account}/${call.region}`,
    limit: TOPICS_PER_PAGE,
    token: input.text('NextToken'),
  });
  return {
    Topics: items(
      'member',
      found.map(({ arn }) => ({ TopicArn: arn })),
    ),
    NextToken: next,
  };
};

const listTags: QueryOperation = (input, call) => {
  const topic = findTagged(input, call);
  return {
    Tags: items(
      'member',
      Object.entries(topic.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ),
  };
};

const tagResource: QueryOperation = (input, call) => {
  const topic = findTagged(input, call);
  const tags = Object.fromEntries(input.structures('Tags.member').map((tag) => [tag.text('Key') ?? '', tag.text('Value') ?? '']));
  const problem = describeTagProblem(tags);
  if (problem !== undefined) throw new ServiceError('InvalidParameter', `Invalid parameter: Tags Reason: ${problem}`);
  const changed = addTags(topic.tags, tags);
  if (changed === undefined) throw new ServiceError('TagLimitExceeded', 'Could not complete request: tag quota of per resource exceeded');
  call.state.setTags(topic.arn, changed);
  return {};
};

const untagResource: QueryOperation = (input, call) => {
  const topic = findTagged(input, call);
  call.state.setTags(topic.arn, removeTags(topic.tags, input.list('TagKeys.member')));
  return {};
};

/** The topic whose tags are meant. */
function findTagged(input: QueryInput, call: Call): ResourceOf<'sns:topic'> {
  const topic = findTopic(input.required('ResourceArn'), call);
  if (topic === undefined) throw new ServiceError('ResourceNotFound', 'Resource does not exist', { status: 404 });
  return topic;
}

const getAttributes: QueryOperation = (input, call) => {
  const topic = findTopic(input.required('TopicArn'), call);
  if (topic === undefined) throw new ServiceError('NotFound', 'Topic does not exist', { status: 404 });
  const entries = Object.entries(attributesOf(topic));
  return {
    Attributes: items(
      'entry',
      entries.map(([key, value]) => ({ key, value })),
    ),
  };
};

function findTopic(arn: string, { account, region, state }: Call): ResourceOf<'sns:topic'> | undefined {
  if (!arn.startsWith('arn:'))
    throw new ServiceError('InvalidParameter', 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements');
  const topic = state.byArn(arn);
  return topic?.type === 'sns:topic' && topic.account === account && topic.region === region ? topic : undefined;
}

function attributesOf({ arn, account, attributes }: ResourceOf<'sns:topic'>): Record<string, string> {
  const fifo: Record<string, string> = attributes.isFifo ? { FifoTopic: 'true', ContentBasedDeduplication: 'false' } : {};
  return {
    TopicArn: arn,
    Owner: account,
    DisplayName: attributes.displayName,
    SubscriptionsConfirmed: '1',
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
    ...fifo,
  };
}

/** Source: https://docs.aws.amazon.com/sns/latest/api/ */
export const sns: QueryService = {
  name: 'sns',
  protocol: 'query',
  version: '2010-03-31',
  namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
  errors: {
    ...QUERY_ERRORS,
    denied: { code: 'AuthorizationError', status: 403 },
    internal: { code: 'InternalError', status: 500, message: 'Internal error' },
    badToken: { code: 'InvalidParameter', status: 400, message: 'Invalid parameter: NextToken' },
  },
  operations: {
    ListTopics: listTopics,
    ListTagsForResource: listTags,
    GetTopicAttributes: getAttributes,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
};

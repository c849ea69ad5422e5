import type { Resource } from '../../inventory/resource.ts';
import { list } from './listing.ts';
import type { Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const queues: Reader = {
  type: 'sqs:queue',
  actions: ['sqs:ListQueues', 'tag:GetResources'],
  fallbackActions: ['sqs:ListQueueTags'],
  async read(aws) {
    const { client, ListQueuesCommand, ListQueueTagsCommand } = await aws.open('sqs');
    const urls = new Map<string, string>();
    const found = await list(aws, {
      action: 'sqs:ListQueues',
      request: (NextToken) => client.send(new ListQueuesCommand({ MaxResults: 1000, NextToken }), aws.options),
      // Where there is no queue, the answer has no list either.
      items: (page) =>
        (page.QueueUrls ?? []).map((url): Resource => {
          const name = url.slice(url.lastIndexOf('/') + 1);
          const arn = aws.arn('sqs', name);
          urls.set(arn, url);
          return { arn, type: 'sqs:queue', account: aws.account, region: aws.region, name, tags: {}, createdAt: undefined, parents: [] };
        }),
      next: (page) => page.NextToken,
    });
    return withTags(
      aws,
      aws.region,
      found,
      oneByOne('sqs:ListQueueTags', async ({ arn }) => {
        const answer = await aws.call('sqs:ListQueueTags', client.send(new ListQueueTagsCommand({ QueueUrl: urls.get(arn) }), aws.options));
        return answer.Tags ?? {};
      }),
    );
  },
};

export const sqsReaders = [queues];

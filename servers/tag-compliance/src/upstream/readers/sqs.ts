import type { Resource } from '../../inventory/resource.ts';
import { list, type Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const queues: Reader = {
  type: 'sqs:queue',
  actions: ['sqs:ListQueues', 'tag:GetResources'],
  fallbackActions: ['sqs:ListQueueTags'],
  async read(at) {
    const { client, ListQueuesCommand, ListQueueTagsCommand } = await at.open('sqs');
    const urls = new Map<string, string>();
    const found = await list(at, {
      action: 'sqs:ListQueues',
      ask: (NextToken) => client.send(new ListQueuesCommand({ MaxResults: 1000, NextToken }), at.options),
      // Where there is no queue, the answer has no list either.
      items: (page) =>
        (page.QueueUrls ?? []).map((url): Resource => {
          const name = url.slice(url.lastIndexOf('/') + 1);
          const arn = at.arn('sqs', name);
          urls.set(arn, url);
          return { arn, type: 'sqs:queue', account: at.account, region: at.region, name, tags: {}, createdAt: undefined, parents: [] };
        }),
      next: (page) => page.NextToken,
    });
    return withTags(
      at,
      at.region,
      found,
      oneByOne('sqs:ListQueueTags', async ({ arn }) => {
        const answer = await at.ask('sqs:ListQueueTags', client.send(new ListQueueTagsCommand({ QueueUrl: urls.get(arn) }), at.options));
        return answer.Tags ?? {};
      }),
    );
  },
};

export const sqsReaders = [queues];

import type { Resource } from '../../inventory/resource.ts';
import { list, toTags } from './listing.ts';
import type { Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const topics: Reader = {
  type: 'sns:topic',
  actions: ['sns:ListTopics', 'tag:GetResources'],
  fallbackActions: ['sns:ListTagsForResource'],
  async read(aws) {
    const { client, ListTopicsCommand, ListTagsForResourceCommand } = await aws.open('sns');
    const found = await list(aws, {
      action: 'sns:ListTopics',
      request: (NextToken) => client.send(new ListTopicsCommand({ NextToken }), aws.options),
      items: (page) =>
        page.Topics?.flatMap(({ TopicArn: arn }): Resource[] => {
          if (arn === undefined) return [];
          const name = arn.slice(arn.lastIndexOf(':') + 1);
          return [{ arn, type: 'sns:topic', account: aws.account, region: aws.region, name, tags: {}, createdAt: undefined, parents: [] }];
        }),
      next: (page) => page.NextToken,
    });
    return withTags(
      aws,
      aws.region,
      found,
      oneByOne('sns:ListTagsForResource', async ({ arn }) => {
        const answer = await aws.call(
          'sns:ListTagsForResource',
          client.send(new ListTagsForResourceCommand({ ResourceArn: arn }), aws.options),
        );
        return toTags(answer.Tags);
      }),
    );
  },
};

export const snsReaders = [topics];

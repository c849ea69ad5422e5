import type { Resource } from '../../inventory/resource.ts';
import { list, type Reader, toTags } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const topics: Reader = {
  type: 'sns:topic',
  actions: ['sns:ListTopics', 'tag:GetResources'],
  fallbackActions: ['sns:ListTagsForResource'],
  async read(at) {
    const { client, ListTopicsCommand, ListTagsForResourceCommand } = await at.open('sns');
    const found = await list(at, {
      action: 'sns:ListTopics',
      ask: (NextToken) => client.send(new ListTopicsCommand({ NextToken }), at.options),
      items: (page) =>
        page.Topics?.flatMap(({ TopicArn: arn }): Resource[] => {
          if (arn === undefined) return [];
          const name = arn.slice(arn.lastIndexOf(':') + 1);
          return [{ arn, type: 'sns:topic', account: at.account, region: at.region, name, tags: {}, createdAt: undefined, parents: [] }];
        }),
      next: (page) => page.NextToken,
    });
    return withTags(
      at,
      at.region,
      found,
      oneByOne('sns:ListTagsForResource', async ({ arn }) => {
        const answer = await at.ask(
          'sns:ListTagsForResource',
          client.send(new ListTagsForResourceCommand({ ResourceArn: arn }), at.options),
        );
        return toTags(answer.Tags);
      }),
    );
  },
};

export const snsReaders = [topics];

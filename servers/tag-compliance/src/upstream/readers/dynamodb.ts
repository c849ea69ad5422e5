import type { Resource } from '../../inventory/resource.ts';
import type { RegionClient } from '../region-client.ts';
import { list, toTags } from './listing.ts';
import type { Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const tables: Reader = {
  type: 'dynamodb:table',
  actions: ['dynamodb:ListTables', 'tag:GetResources'],
  fallbackActions: ['dynamodb:ListTagsOfResource'],
  async read(aws) {
    const { client, ListTablesCommand } = await aws.open('dynamodb');
    const found = await list(aws, {
      action: 'dynamodb:ListTables',
      request: (ExclusiveStartTableName) => client.send(new ListTablesCommand({ Limit: 100, ExclusiveStartTableName }), aws.options),
      items: (page) => page.TableNames?.map((name) => table(aws, name)),
      next: (page) => page.LastEvaluatedTableName,
    });
    return withTags(
      aws,
      aws.region,
      found,
      oneByOne('dynamodb:ListTagsOfResource', ({ arn }) => tagsOf(aws, arn)),
    );
  },
};

function table(aws: RegionClient, name: string): Resource {
  const { account, region } = aws;
  const arn = aws.arn('dynamodb', `table/${name}`);
  return { arn, type: 'dynamodb:table', account, region, name, tags: {}, createdAt: undefined, parents: [] };
}

async function tagsOf(aws: RegionClient, arn: string): Promise<Readonly<Record<string, string>>> {
  const action = 'dynamodb:ListTagsOfResource';
  const { client, ListTagsOfResourceCommand } = await aws.open('dynamodb');
  const tags = await list(
    { ...aws, onPage: () => undefined },
    {
      action,
      request: (NextToken) => client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken }), aws.options),
      items: (page) => page.Tags,
      next: (page) => page.NextToken,
    },
  );
  return toTags(tags);
}

export const dynamodbReaders = [tables];

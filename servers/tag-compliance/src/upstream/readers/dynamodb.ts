import type { Resource } from '../../inventory/resource.ts';
import { list, type Reader, toTags, type Visit } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const tables: Reader = {
  type: 'dynamodb:table',
  actions: ['dynamodb:ListTables', 'tag:GetResources'],
  fallbackActions: ['dynamodb:ListTagsOfResource'],
  async read(at) {
    const { client, ListTablesCommand } = await at.open('dynamodb');
    const found = await list(at, {
      action: 'dynamodb:ListTables',
      ask: (ExclusiveStartTableName) => client.send(new ListTablesCommand({ Limit: 100, ExclusiveStartTableName }), at.options),
      items: (page) => page.TableNames?.map((name) => table(at, name)),
      next: (page) => page.LastEvaluatedTableName,
    });
    return withTags(
      at,
      at.region,
      found,
      oneByOne('dynamodb:ListTagsOfResource', ({ arn }) => tagsOf(at, arn)),
    );
  },
};

function table(at: Visit, name: string): Resource {
  const { account, region } = at;
  const arn = at.arn('dynamodb', `table/${name}`);
  return { arn, type: 'dynamodb:table', account, region, name, tags: {}, createdAt: undefined, parents: [] };
}

async function tagsOf(at: Visit, arn: string): Promise<Readonly<Record<string, string>>> {
  const action = 'dynamodb:ListTagsOfResource';
  const { client, ListTagsOfResourceCommand } = await at.open('dynamodb');
  const tags = await list(
    { ...at, page: () => undefined },
    {
      action,
      ask: (NextToken) => client.send(new ListTagsOfResourceCommand({ ResourceArn: arn, NextToken }), at.options),
      items: (page) => page.Tags,
      next: (page) => page.NextToken,
    },
  );
  return toTags(tags);
}

export const dynamodbReaders = [tables];

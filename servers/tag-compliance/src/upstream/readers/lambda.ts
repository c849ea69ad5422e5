import type { Resource } from '../../inventory/resource.ts';
import { list, present, type Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const functions: Reader = {
  type: 'lambda:function',
  actions: ['lambda:ListFunctions', 'tag:GetResources'],
  fallbackActions: ['lambda:ListTags'],
  async read(at) {
    const { client, ListFunctionsCommand, ListTagsCommand } = await at.open('lambda');
    const found = await list(at, {
      action: 'lambda:ListFunctions',
      ask: (Marker) => client.send(new ListFunctionsCommand({ Marker }), at.options),
      items: (page) =>
        page.Functions?.flatMap(({ FunctionArn: arn, FunctionName, VpcConfig }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'lambda:function',
                  account: at.account,
                  region: at.region,
                  name: FunctionName ?? arn,
                  tags: {},
                  // Only the time of the last change is told.
                  createdAt: undefined,
                  parents: present([...(VpcConfig?.SubnetIds ?? []), VpcConfig?.VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(
      at,
      at.region,
      found,
      oneByOne('lambda:ListTags', async ({ arn }) => {
        const answer = await at.ask('lambda:ListTags', client.send(new ListTagsCommand({ Resource: arn }), at.options));
        return answer.Tags ?? {};
      }),
    );
  },
};

export const lambdaReaders = [functions];

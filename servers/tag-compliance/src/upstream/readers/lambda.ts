import type { Resource } from '../../inventory/resource.ts';
import { list, present } from './listing.ts';
import type { Reader } from './reader.ts';
import { oneByOne, withTags } from './tags.ts';

const functions: Reader = {
  type: 'lambda:function',
  actions: ['lambda:ListFunctions', 'tag:GetResources'],
  fallbackActions: ['lambda:ListTags'],
  async read(aws) {
    const { client, ListFunctionsCommand, ListTagsCommand } = await aws.open('lambda');
    const found = await list(aws, {
      action: 'lambda:ListFunctions',
      request: (Marker) => client.send(new ListFunctionsCommand({ Marker }), aws.options),
      items: (page) =>
        page.Functions?.flatMap(({ FunctionArn: arn, FunctionName, VpcConfig }): Resource[] =>
          arn === undefined
            ? []
            : [
                {
                  arn,
                  type: 'lambda:function',
                  account: aws.account,
                  region: aws.region,
                  name: FunctionName ?? arn,
                  tags: {},
                  // Only the time of the last change is returned.
                  createdAt: undefined,
                  parents: present([...(VpcConfig?.SubnetIds ?? []), VpcConfig?.VpcId]),
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return withTags(
      aws,
      aws.region,
      found,
      oneByOne('lambda:ListTags', async ({ arn }) => {
        const answer = await aws.call('lambda:ListTags', client.send(new ListTagsCommand({ Resource: arn }), aws.options));
        return answer.Tags ?? {};
      }),
    );
  },
};

export const lambdaReaders = [functions];

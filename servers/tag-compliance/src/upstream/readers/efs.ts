import type { Resource } from '../../inventory/resource.ts';
import { list, toInstant, toTags } from './listing.ts';
import type { Reader } from './reader.ts';

const fileSystems: Reader = {
  type: 'elasticfilesystem:file-system',
  actions: ['elasticfilesystem:DescribeFileSystems'],
  async read(aws) {
    const { client, DescribeFileSystemsCommand } = await aws.open('efs');
    const resources = await list(aws, {
      action: 'elasticfilesystem:DescribeFileSystems',
      request: (Marker) => client.send(new DescribeFileSystemsCommand({ MaxItems: 100, Marker }), aws.options),
      items: (page) =>
        page.FileSystems?.flatMap(({ FileSystemId: id, FileSystemArn, OwnerId, Name, Tags, CreationTime }): Resource[] =>
          id === undefined || (OwnerId !== undefined && OwnerId !== aws.account)
            ? []
            : [
                {
                  arn: FileSystemArn ?? aws.arn('elasticfilesystem', `file-system/${id}`),
                  type: 'elasticfilesystem:file-system',
                  account: aws.account,
                  region: aws.region,
                  name: Name || id,
                  tags: toTags(Tags),
                  createdAt: toInstant(CreationTime),
                  parents: [],
                },
              ],
        ),
      next: (page) => page.NextMarker,
    });
    return { resources, gaps: [] };
  },
};

export const efsReaders = [fileSystems];

import type { Resource } from '../../inventory/resource.ts';
import { list, type Reader, toInstant, toTags } from './reader.ts';

const fileSystems: Reader = {
  type: 'elasticfilesystem:file-system',
  actions: ['elasticfilesystem:DescribeFileSystems'],
  async read(at) {
    const { client, DescribeFileSystemsCommand } = await at.open('efs');
    const resources = await list(at, {
      action: 'elasticfilesystem:DescribeFileSystems',
      ask: (Marker) => client.send(new DescribeFileSystemsCommand({ MaxItems: 100, Marker }), at.options),
      items: (page) =>
        page.FileSystems?.flatMap(({ FileSystemId: id, FileSystemArn, OwnerId, Name, Tags, CreationTime }): Resource[] =>
          id === undefined || (OwnerId !== undefined && OwnerId !== at.account)
            ? []
            : [
                {
                  arn: FileSystemArn ?? at.arn('elasticfilesystem', `file-system/${id}`),
                  type: 'elasticfilesystem:file-system',
                  account: at.account,
                  region: at.region,
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

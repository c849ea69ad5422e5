import { EFSClient } from '@aws-sdk/client-efs';
import type { ClientSettings } from '../settings.ts';

export { DescribeFileSystemsCommand } from '@aws-sdk/client-efs';

export const connect = (settings: ClientSettings): EFSClient => new EFSClient(settings);

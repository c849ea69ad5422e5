import { RDSClient } from '@aws-sdk/client-rds';
import type { ClientSettings } from '../settings.ts';

export {
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
} from '@aws-sdk/client-rds';

export const connect = (settings: ClientSettings): RDSClient => new RDSClient(settings);

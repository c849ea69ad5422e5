import { ECSClient } from '@aws-sdk/client-ecs';
import type { ClientSettings } from '../settings.ts';

export {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListClustersCommand,
  ListServicesCommand,
} from '@aws-sdk/client-ecs';

export const connect = (settings: ClientSettings): ECSClient => new ECSClient(settings);

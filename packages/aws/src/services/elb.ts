import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ClientSettings } from '../settings.ts';

export {
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';

export const connect = (settings: ClientSettings): ElasticLoadBalancingV2Client => new ElasticLoadBalancingV2Client(settings);

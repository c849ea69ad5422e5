import { EC2Client } from '@aws-sdk/client-ec2';
import type { ClientSettings } from '../settings.ts';

export {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';

export const connect = (settings: ClientSettings): EC2Client => new EC2Client(settings);

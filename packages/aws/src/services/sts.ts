import { STSClient } from '@aws-sdk/client-sts';
import type { ClientSettings } from '../settings.ts';

export {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';

export const connect = (settings: ClientSettings): STSClient => new STSClient(settings);

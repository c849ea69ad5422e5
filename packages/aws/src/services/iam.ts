import { IAMClient } from '@aws-sdk/client-iam';
import type { ClientSettings } from '../settings.ts';

export {
  GetInstanceProfileCommand,
  ListRoleTagsCommand,
  ListUserTagsCommand,
} from '@aws-sdk/client-iam';

export const connect = (settings: ClientSettings): IAMClient => new IAMClient(settings);

import { SNSClient } from '@aws-sdk/client-sns';
import type { ClientSettings } from '../settings.ts';

export {
  ListTagsForResourceCommand,
  ListTopicsCommand,
} from '@aws-sdk/client-sns';

export const connect = (settings: ClientSettings): SNSClient => new SNSClient(settings);

import { SQSClient } from '@aws-sdk/client-sqs';
import type { ClientSettings } from '../settings.ts';

export {
  ListQueuesCommand,
  ListQueueTagsCommand,
} from '@aws-sdk/client-sqs';

export const connect = (settings: ClientSettings): SQSClient => new SQSClient(settings);

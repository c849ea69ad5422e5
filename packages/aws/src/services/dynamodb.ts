import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClientSettings } from '../settings.ts';

export {
  ListTablesCommand,
  ListTagsOfResourceCommand,
} from '@aws-sdk/client-dynamodb';

export const connect = (settings: ClientSettings): DynamoDBClient => new DynamoDBClient(settings);

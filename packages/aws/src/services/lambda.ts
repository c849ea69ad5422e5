import { LambdaClient } from '@aws-sdk/client-lambda';
import type { ClientSettings } from '../settings.ts';

export {
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';

export const connect = (settings: ClientSettings): LambdaClient => new LambdaClient(settings);

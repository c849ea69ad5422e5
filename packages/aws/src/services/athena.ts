import { AthenaClient } from '@aws-sdk/client-athena';
import type { ClientSettings } from '../settings.ts';

export {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';

export const connect = (settings: ClientSettings): AthenaClient => new AthenaClient(settings);

import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import type { ClientSettings } from '../settings.ts';

export { GetResourcesCommand } from '@aws-sdk/client-resource-groups-tagging-api';

export const connect = (settings: ClientSettings): ResourceGroupsTaggingAPIClient => new ResourceGroupsTaggingAPIClient(settings);

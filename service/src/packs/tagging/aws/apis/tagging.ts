import { ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { awsApi } from '../api.ts';

export const taggingApi = awsApi('tagging', (config) => new ResourceGroupsTaggingAPIClient(config));

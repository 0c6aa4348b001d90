import { OpenSearchClient } from '@aws-sdk/client-opensearch';
import { awsApi } from '../api.ts';

export const opensearchApi = awsApi('opensearch', (config) => new OpenSearchClient(config));

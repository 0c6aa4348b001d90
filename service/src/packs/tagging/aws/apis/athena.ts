import { AthenaClient } from '@aws-sdk/client-athena';
import { awsApi } from '../api.ts';

export const athenaApi = awsApi('athena', (config) => new AthenaClient(config));

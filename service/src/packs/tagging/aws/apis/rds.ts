import { RDSClient } from '@aws-sdk/client-rds';
import { awsApi } from '../api.ts';

export const rdsApi = awsApi('rds', (config) => new RDSClient(config));

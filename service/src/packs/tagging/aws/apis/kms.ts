import { KMSClient } from '@aws-sdk/client-kms';
import { awsApi } from '../api.ts';

export const kmsApi = awsApi('kms', (config) => new KMSClient(config));

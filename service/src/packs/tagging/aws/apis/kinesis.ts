import { KinesisClient } from '@aws-sdk/client-kinesis';
import { awsApi } from '../api.ts';

export const kinesisApi = awsApi('kinesis', (config) => new KinesisClient(config));

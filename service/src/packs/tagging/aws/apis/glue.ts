import { GlueClient } from '@aws-sdk/client-glue';
import { awsApi } from '../api.ts';

export const glueApi = awsApi('glue', (config) => new GlueClient(config));

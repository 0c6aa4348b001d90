import { LambdaClient } from '@aws-sdk/client-lambda';
import { awsApi } from '../api.ts';

export const lambdaApi = awsApi('lambda', (config) => new LambdaClient(config));

import { SFNClient } from '@aws-sdk/client-sfn';
import { awsApi } from '../api.ts';

export const stepfunctionsApi = awsApi('stepfunctions', (config) => new SFNClient(config));

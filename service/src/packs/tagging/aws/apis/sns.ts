import { SNSClient } from '@aws-sdk/client-sns';
import { awsApi } from '../api.ts';

export const snsApi = awsApi('sns', (config) => new SNSClient(config));

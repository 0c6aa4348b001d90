import { EKSClient } from '@aws-sdk/client-eks';
import { awsApi } from '../api.ts';

export const eksApi = awsApi('eks', (config) => new EKSClient(config));

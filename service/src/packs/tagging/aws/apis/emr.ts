import { EMRClient } from '@aws-sdk/client-emr';
import { awsApi } from '../api.ts';

export const emrApi = awsApi('emr', (config) => new EMRClient(config));

import { ECSClient } from '@aws-sdk/client-ecs';
import { awsApi } from '../api.ts';

export const ecsApi = awsApi('ecs', (config) => new ECSClient(config));

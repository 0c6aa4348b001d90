import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { awsApi } from '../api.ts';

export const sagemakerApi = awsApi('sagemaker', (config) => new SageMakerClient(config));

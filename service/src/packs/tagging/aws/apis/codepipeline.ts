import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { awsApi } from '../api.ts';

export const codepipelineApi = awsApi('codepipeline', (config) => new CodePipelineClient(config));

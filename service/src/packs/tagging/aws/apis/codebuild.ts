import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { awsApi } from '../api.ts';

export const codebuildApi = awsApi('codebuild', (config) => new CodeBuildClient(config));

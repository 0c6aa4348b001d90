import { BedrockAgentClient } from '@aws-sdk/client-bedrock-agent';
import { awsApi } from '../api.ts';

export const bedrockApi = awsApi('bedrock', (config) => new BedrockAgentClient(config));

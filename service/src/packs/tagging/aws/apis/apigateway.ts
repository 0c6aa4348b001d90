import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { awsApi } from '../api.ts';

export const apigatewayApi = awsApi('apigateway', (config) => new APIGatewayClient(config));

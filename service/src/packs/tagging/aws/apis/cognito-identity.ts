import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { awsApi } from '../api.ts';

export const cognitoIdentityApi = awsApi('cognito-identity', (config) => new CognitoIdentityClient(config));

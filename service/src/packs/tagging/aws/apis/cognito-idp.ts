import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { awsApi } from '../api.ts';

export const cognitoIdpApi = awsApi('cognito-idp', (config) => new CognitoIdentityProviderClient(config));

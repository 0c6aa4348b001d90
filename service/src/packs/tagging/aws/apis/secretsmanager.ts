import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsApi } from '../api.ts';

export const secretsmanagerApi = awsApi('secretsmanager', (config) => new SecretsManagerClient(config));

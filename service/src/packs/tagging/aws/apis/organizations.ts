import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { awsApi } from '../api.ts';

export const organizationsApi = awsApi('organizations', (config) => new OrganizationsClient(config));

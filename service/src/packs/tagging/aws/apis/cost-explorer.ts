import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { awsApi } from '../api.ts';

export const costExplorerApi = awsApi('cost-explorer', (config) => new CostExplorerClient(config));

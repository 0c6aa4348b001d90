import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { awsApi } from '../api.ts';

export const cloudfrontApi = awsApi('cloudfront', (config) => new CloudFrontClient(config));

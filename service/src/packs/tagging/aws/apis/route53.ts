import { Route53Client } from '@aws-sdk/client-route-53';
import { awsApi } from '../api.ts';

export const route53Api = awsApi('route53', (config) => new Route53Client(config));

import { EC2Client } from '@aws-sdk/client-ec2';
import { awsApi } from '../api.ts';

export const ec2Api = awsApi('ec2', (config) => new EC2Client(config));

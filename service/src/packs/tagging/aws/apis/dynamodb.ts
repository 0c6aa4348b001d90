import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsApi } from '../api.ts';

export const dynamodbApi = awsApi('dynamodb', (config) => new DynamoDBClient(config));

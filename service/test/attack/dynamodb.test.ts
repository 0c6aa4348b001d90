import { describeAttacks } from './attacked.ts';
import { crowd } from './attacks/crowd.ts';
import { killed } from './attacks/killed.ts';
import { databaseWriter } from './attacks/writer.ts';

// The stand-in for DynamoDB carries out one request at a time. The other attacks do not depend on the store.
await describeAttacks('dynamodb', [crowd, killed, databaseWriter]);

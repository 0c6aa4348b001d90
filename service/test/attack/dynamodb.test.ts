import { describeAttacks } from './attacked.ts';

await describeAttacks('dynamodb');

/** Makes in the emulator what the service needs of a stack, and tells the stack what it is. */
import { createHash, randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { AwsConfig } from './aws-config.ts';
import { makeBuckets } from './buckets.ts';
import { makeDatabase } from './database.ts';
import { makeQueues } from './queues.ts';
import type { ReadSecret } from './secret.ts';
import { Stack } from './stack.ts';
import { makeTables } from './tables.ts';

export interface Surroundings {
  readonly aws: AwsConfig;
  /** Connection string of a PostgreSQL server, as one who may do everything. */
  readonly databaseUrl: string;
  /** Name that its certificate is for. */
  readonly databaseHost: string;
  readonly redisUrl: string;
}

export interface Made {
  readonly stack: Stack;
  readonly readSecret: ReadSecret;
  /** What the company keeps too, where it has its own provider. */
  readonly clientSecret: string;
}

const text = () => randomBytes(24).toString('base64url');

/** What `npm run secrets` would set, by the end of a secret's name. */
const contents = (redisUrl: string, clientSecret: string): Readonly<Record<string, Record<string, string>>> => ({
  'encryption-keys': { encryption_key: `${text()}${text()}`, credentials_keys: `${text()}${text()}` },
  'cache-credentials': { url: redisUrl },
  'oauth-credentials': { client_secret: clientSecret },
  'caller-api-keys': { current: text() },
  'crux-api-key': { api_key: text() },
  'google-client-secret': { client_secret: text() },
  alerts: { alertmanager_token: text(), webhook_secret: `whsec_${randomBytes(32).toString('base64')}` },
});

/** Sensitive variables that a deployment is given, and what is made of them. */
const setVariables = ({ document, known }: Stack): void => {
  const values = [`${text()}${text()}`];
  const hashes = values.map((value) => createHash('sha256').update(value).digest('hex'));
  for (const name of Object.keys(document.variable)) {
    known.set(`var.${name}`, values);
    known.set(`element(var.${name}, 0)`, values[0]);
    known.set(`nonsensitive(jsonencode([for value in var.${name} : sha256(value)]))`, JSON.stringify(hashes));
    for (const colour of ['blue', 'green'])
      known.set(
        `formatlist("${colour}:%s", var.${name})`,
        values.map((value) => `${colour}:${value}`),
      );
  }
};

/** @param json the synthesized stack */
export const make = async (json: string, surroundings: Surroundings): Promise<Made> => {
  const { aws, databaseUrl, databaseHost, redisUrl } = surroundings;
  const stack = new Stack(json);
  const { known } = stack;
  const [secrets, dynamodb] = [new SecretsManagerClient(aws), new DynamoDBClient(aws)];
  const makeSecret = async (Name: string, value: Record<string, string>): Promise<string> => {
    const { ARN = '' } = await secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
    return ARN;
  };
  const clientSecret = text();
  const values = contents(redisUrl, clientSecret);
  for (const [name, block] of stack.all('aws_secretsmanager_secret')) {
    const secret = stack.text(block.name);
    const value = values[secret.split('/').at(-1) ?? ''];
    if (value === undefined) throw new Error(`nobody knows what ${secret} holds`);
    known.set(`aws_secretsmanager_secret.${name}.arn`, await makeSecret(secret, value));
  }
  for (const [name, block] of stack.all('aws_db_instance')) {
    // As RDS names the one that it keeps itself.
    const arn = await makeSecret(`rds!db-${randomBytes(8).toString('hex')}`, await makeDatabase(block, databaseUrl));
    known.set(`aws_db_instance.${name}.address`, databaseHost);
    known.set(`aws_db_instance.${name}.master_user_secret[0].secret_arn`, arn);
  }
  // As a private one is called. A record of the stack names any other.
  for (const [name, block] of stack.all('aws_lb'))
    known.set(`aws_lb.${name}.dns_name`, `internal-${stack.text(block.name)}.${aws.region}.elb.amazonaws.com`);
  for (const [name] of stack.all('aws_cognito_user_pool'))
    known.set(`aws_cognito_user_pool.${name}.id`, `${aws.region}_${randomBytes(4).toString('hex')}`);
  for (const [name] of stack.all('aws_cognito_user_pool_client'))
    known.set(`aws_cognito_user_pool_client.${name}.id`, randomBytes(12).toString('hex'));
  setVariables(stack);
  const s3 = new S3Client({ ...aws, forcePathStyle: true });
  await makeBuckets(stack, s3);
  s3.destroy();
  await makeQueues(stack, aws);
  await makeTables(stack, dynamodb);
  dynamodb.destroy();
  return {
    stack,
    clientSecret,
    readSecret: async (SecretId) => {
      const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
      return SecretString;
    },
  };
};

/** Reads from Secrets Manager, each secret once. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ReadSecret } from './secrets.ts';

export const secretReader = (): ReadSecret => {
  const client = new SecretsManagerClient({ maxAttempts: 3 });
  const read = new Map<string, Promise<string>>();
  const fetchSecret = async (arn: string): Promise<string> => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error('it has no text');
    return SecretString;
  };
  return (arn) => {
    const reading = read.get(arn) ?? fetchSecret(arn);
    read.set(arn, reading);
    return reading;
  };
};

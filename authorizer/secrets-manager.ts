/** Reads from Secrets Manager. Imported with the first secret that is needed, for the client is most of the bundle. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** @param timeoutMs longest wait for an answer; there is no second try, whoever is waiting would not */
export const secretReader = (timeoutMs: number): ((arn: string) => Promise<string>) => {
  const client = new SecretsManagerClient({
    maxAttempts: 1,
    requestHandler: { requestTimeout: timeoutMs, connectionTimeout: timeoutMs },
  });
  return async (arn) => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString === undefined) throw new Error('the secret has no text');
    return SecretString;
  };
};

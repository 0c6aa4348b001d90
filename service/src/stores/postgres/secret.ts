/** User and password of a database, from a secret that something else rotates. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';

/** What RDS keeps in the secret of a managed password, besides what does not matter here. */
const Credentials = z.object({ username: z.string().min(1), password: z.string().min(1) });
export type DatabaseCredentials = z.infer<typeof Credentials>;

export interface CredentialSource {
  /** As read last. @throws Error before the first read */
  readonly latest: () => DatabaseCredentials;
  /** Read at most KEEP_MS ago, or earlier while Secrets Manager does not answer. */
  readonly current: () => Promise<DatabaseCredentials>;
  /** Reads them now, because the server refused those told last. */
  readonly renew: () => Promise<DatabaseCredentials>;
}

/** Milliseconds after which a new connection has the secret read again. */
const KEEP_MS = 5 * 60_000;
const CONNECT_MS = 2000;
const REQUEST_MS = 3000;

/** Its code is what an operator is told when the service cannot start. */
class DatabaseSecretError extends Error {
  override readonly name = 'DatabaseSecretError';
  readonly code = 'database_secret_invalid';
}

const parse = (text = ''): DatabaseCredentials => {
  try {
    return Credentials.parse(JSON.parse(text));
  } catch {
    // Without the cause: what does not parse may be the password itself.
    throw new DatabaseSecretError('DATABASE_SECRET_ARN must be of a JSON secret with username and password');
  }
};

/** @param read answers the secret's text */
export const credentialSource = (
  read: () => Promise<string | undefined>,
  now: () => number = Date.now,
): CredentialSource => {
  let known: { readonly credentials: DatabaseCredentials; readonly readAt: number } | undefined;
  let reading: Promise<DatabaseCredentials> | undefined;
  const readOnce = async (): Promise<DatabaseCredentials> => {
    try {
      const credentials = parse(await read());
      known = { credentials, readAt: now() };
      return credentials;
    } finally {
      reading = undefined;
    }
  };
  // Ten connections that are refused at once read it once.
  const renew = (): Promise<DatabaseCredentials> => {
    reading ??= readOnce();
    return reading;
  };
  return {
    latest: () => {
      if (known === undefined) throw new Error('the secret was not read yet');
      return known.credentials;
    },
    current: async () => {
      if (known === undefined) return renew();
      const { credentials, readAt } = known;
      if (now() - readAt < KEEP_MS) return credentials;
      // What was right five minutes ago most likely still is.
      return renew().catch(() => credentials);
    },
    renew,
  };
};

export interface SecretOptions {
  readonly arn: string;
  readonly region: string;
  /** Other than the region's own, for an emulator. */
  readonly endpoint?: string | undefined;
}

export const openSecret = ({ arn, region, endpoint }: SecretOptions): CredentialSource => {
  const client = new SecretsManagerClient({
    region,
    ...(endpoint !== undefined && { endpoint }),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
  });
  return credentialSource(async () => (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString);
};

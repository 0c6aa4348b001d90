/** How connections to a PostgreSQL server are opened: with a URL, or with what a secret says at that moment. */
import { readFile } from 'node:fs/promises';
import { Client, type ClientConfig } from 'pg';
import { openSecret, type SecretOptions } from './secret.ts';

export interface Access {
  readonly config: ClientConfig;
  readonly Client: new (config?: ClientConfig) => Client;
  /** Does a step that may open a connection; once more with a fresh password if the server refuses the one it had. */
  readonly signIn: <T>(step: () => Promise<T>) => Promise<T>;
}

/** A server whose user and password are in a secret. */
export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly tls: 'verify-full' | 'off';
  /** PEM file of the only certificate authorities to trust. Default: those of Node.js. */
  readonly caFile?: string | undefined;
  readonly secret: SecretOptions;
}

/** invalid_authorization_specification and invalid_password: nothing was run. */
const refusals: readonly unknown[] = ['28000', '28P01'];
const isRefused = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && refusals.includes(error.code);

export const accessByUrl = (url: string): Access => {
  // The parser's own error would carry the whole string, password included.
  if (!URL.canParse(url)) throw new Error('DATABASE_URL must be like postgres://user:password@host:5432/name');
  return { config: { connectionString: url }, Client, signIn: (step) => step() };
};

/** @throws Error when the secret or the file of authorities cannot be read */
export const accessBySecret = async (options: ServerOptions): Promise<Access> => {
  const { host, port, database, tls, caFile, secret } = options;
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const source = openSecret(secret);
  await source.current();
  return {
    // Node checks the chain and the name, which is what libpq calls verify-full.
    config: { host, port, database, ssl: tls === 'verify-full' && { ...(ca !== undefined && { ca }) } },
    Client: class extends Client {
      constructor(config?: ClientConfig) {
        super({
          ...config,
          user: source.latest().username,
          password: async () => (await source.current()).password,
        });
      }
    },
    signIn: async (step) => {
      try {
        return await step();
      } catch (error) {
        if (!isRefused(error)) throw error;
        await source.renew();
        return step();
      }
    },
  };
};

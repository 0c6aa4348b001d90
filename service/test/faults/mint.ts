/** Tokens of the service's own making, signed with its own key: only what they claim is wrong. */
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import { deriveSecrets, loadEncryptionKey } from '../../src/auth/secrets.ts';
import { readSigningKey, type SigningKey } from '../../src/auth/signing-key.ts';
import type { Config } from '../../src/config.ts';
import type { TableEngine } from '../../src/ports/tables.ts';

export interface Mint {
  readonly key: SigningKey;
  /** The claims as they are; header members besides those of a real token. */
  sign(claims: JWTPayload, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** Takes the key out of the store, as nobody without ENCRYPTION_KEY can. */
export const openMint = async (config: Config, tables: TableEngine): Promise<Mint> => {
  const { sealer } = deriveSecrets(await loadEncryptionKey(config));
  const { items } = await tables.query('signing-keys', { index: 'keySet-createdAt-index', partition: 'current' });
  const [row] = items;
  if (row === undefined) throw new Error('there is no signing key');
  const key = await readSigningKey(row, sealer);
  if (key.privateJwk === undefined) throw new Error('the signing key cannot be opened');
  const signer = await importJWK(key.privateJwk, 'ES256');
  return {
    key,
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.keyId, ...header }).sign(signer, {
        crit: { extension: true },
      }),
  };
};

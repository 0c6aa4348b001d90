/** One signing key as it is stored and as it is used. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import type { Sealer } from './sealed.ts';

/** RFC 9068 2.1: asymmetric. One algorithm is used for every token. */
export const signingAlgorithm = 'ES256';

const Jwk = z.looseObject({ kty: z.string() });

export interface SigningKey {
  readonly keyId: string;
  readonly createdAt: Date;
  readonly publicJwk: JWK;
  /** Absent when another ENCRYPTION_KEY sealed it: it verifies and signs no more. */
  readonly privateJwk?: JWK;
}

const context = (keyId: string) => `signing-key/${keyId}`;

/** A new key pair as a row, its private half sealed. */
export const newSigningKey = async (
  keyId: string,
  createdAt: Date,
  lifeSeconds: number,
  sealer: Sealer,
): Promise<Row<'signing-keys'>> => {
  const pair = await generateKeyPair(signingAlgorithm, { extractable: true });
  const about = { alg: signingAlgorithm, use: 'sig', kid: keyId };
  const publicJwk = { ...(await exportJWK(pair.publicKey)), ...about };
  const privateJwk = { ...(await exportJWK(pair.privateKey)), ...about };
  return {
    keyId,
    algorithm: signingAlgorithm,
    publicJwk,
    encryptedPrivateJwk: sealer.seal(JSON.stringify(privateJwk), context(keyId)),
    createdAt: createdAt.toISOString(),
    keySet: 'current',
    expirationTime: Math.floor(createdAt.getTime() / 1000) + lifeSeconds,
  };
};

/** Reads a row back. @throws when the sealed half does not belong to the public half */
export const readSigningKey = async (row: Row<'signing-keys'>, sealer: Sealer): Promise<SigningKey> => {
  const publicJwk = Jwk.parse(row.publicJwk);
  const key = { keyId: row.keyId, createdAt: new Date(row.createdAt), publicJwk };
  const opened = sealer.open(row.encryptedPrivateJwk, context(row.keyId));
  if (opened === undefined) return key;
  const privateJwk = Jwk.parse(JSON.parse(opened));
  if ((await calculateJwkThumbprint(privateJwk)) !== (await calculateJwkThumbprint(publicJwk)))
    throw new Error(`signing key ${row.keyId} does not match its public half`);
  return { ...key, privateJwk };
};

/** Keyed hashes: what says that this service, and not only somebody who can write its tables, wrote something. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * One signing key. Asynchronous, so that a key that never leaves KMS (GenerateMac, VerifyMac) fits.
 * @example const mac = hmac(deriveSecrets(encryptionKey).auditKey);
 */
export interface Mac {
  /** Tells keys apart without telling them. */
  readonly keyId: string;
  sign(text: string): Promise<string>;
  verify(text: string, mac: string): Promise<boolean>;
}

/** The key that signs, then earlier ones whose signatures are still believed. */
export type Keyring = readonly [Mac, ...Mac[]];

/** HMAC-SHA256, RFC 2104. */
export const hmac = (key: Uint8Array): Mac => {
  const macOf = (text: string) => createHmac('sha256', key).update(text).digest();
  return {
    keyId: createHash('sha256').update('countersign/key-id').update(key).digest('hex').slice(0, 8),
    sign: async (text) => macOf(text).toString('hex'),
    verify: async (text, mac) => {
      const given = Buffer.from(mac, 'hex');
      const right = macOf(text);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
};

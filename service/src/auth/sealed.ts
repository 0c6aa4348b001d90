/** Small secrets kept in the store: AES-256-GCM under a key that is not in the store. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

export interface Sealer {
  /** @param context what the text belongs to; it opens for the same context only, so rows cannot be swapped */
  seal(text: string, context: string): string;
  /** The text, or undefined if it was sealed with another key, for another context, or changed. */
  open(sealed: string, context: string): string | undefined;
}

/** @param key 32 bytes */
export const createSealer = (key: Uint8Array): Sealer => ({
  seal(text, context) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
  },
  open(sealed, context) {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < nonceBytes + tagBytes) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    try {
      return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      // GCM says only that the tag does not match; there is nothing more to tell.
      return undefined;
    }
  },
});

/** Seals with the first key and opens with any, so that a key can be replaced while older seals still stand. */
export const createKeyRing = ([newest, ...older]: readonly [Uint8Array, ...Uint8Array[]]): Sealer => {
  const first = createSealer(newest);
  const sealers = [first, ...older.map(createSealer)];
  return {
    seal: first.seal,
    open(sealed, context) {
      for (const sealer of sealers) {
        const text = sealer.open(sealed, context);
        if (text !== undefined) return text;
      }
      return undefined;
    },
  };
};

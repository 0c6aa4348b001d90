/** Proofs that need no row: keyed hashes over what they are for. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether two strings are equal, in a time that tells nothing of where they differ. */
export const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export const keyedHash = (key: Uint8Array, ...parts: readonly string[]): string =>
  // Lengths are part of what is hashed, so parts cannot be shifted into each other.
  createHmac('sha256', key)
    .update(parts.map((part) => `${part.length}:${part}`).join(''))
    .digest('base64url');

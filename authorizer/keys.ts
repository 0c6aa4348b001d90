/** Whether a header carries one of the values that are good. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TwoKeys } from '../contracts/gateway.ts';

// Digests are of one length, so the comparison tells neither the content of a value nor its length.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares with every digest whatever an earlier comparison said, so that the time does not tell which it was. */
const matches = (given: string, digests: readonly Buffer[], equal: typeof timingSafeEqual): boolean => {
  const offered = digest(given);
  return digests.map((known) => equal(offered, known)).includes(true);
};

/** Whether it is one of the two keys. */
export const isOneOf = (given: string, { current, previous }: TwoKeys, equal = timingSafeEqual): boolean =>
  matches(given, [digest(current), digest(previous ?? current)], equal);

/** Whether its SHA-256 is one of these, in hex. */
export const hashesToOneOf = (given: string, hashes: readonly string[], equal = timingSafeEqual): boolean =>
  matches(
    given,
    hashes.map((hash) => Buffer.from(hash, 'hex')),
    equal,
  );

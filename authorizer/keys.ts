/** Whether a header carries one of the two values that are good. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { TwoKeys } from '../contracts/gateway.ts';

// Digests are of one length, so the comparison tells neither the content of a key nor its length.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares with both keys whatever the first comparison said, so that the time does not tell which it was. */
export const isOneOf = (given: string, { current, previous }: TwoKeys, equal = timingSafeEqual): boolean => {
  const offered = digest(given);
  const isCurrent = equal(offered, digest(current));
  const isPrevious = equal(offered, digest(previous ?? current));
  return isCurrent || isPrevious;
};

/** The check of a header against a pair of keys: the caller's API key, and what CloudFront sends. */
import { isOneOf } from './keys.ts';
import { type Reason, Refusal } from './refusal.ts';
import type { KeySecret } from './secrets.ts';

/** @throws Refusal with `reason` when the header is missing or is neither key */
export const demandKey = async (given: string | undefined, secret: KeySecret, reason: Reason): Promise<void> => {
  if (given === undefined || given === '') throw new Refusal(reason);
  if (isOneOf(given, await secret.keys())) return;
  // It may have been made current a moment ago.
  const fresh = await secret.fresh();
  if (fresh === undefined || !isOneOf(given, fresh)) throw new Refusal(reason);
};

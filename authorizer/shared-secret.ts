/** The checks of a header against secret values: the caller's API key, and what CloudFront sends. */
import { hashesToOneOf, isOneOf } from './keys.ts';
import { Refusal } from './refusal.ts';
import type { KeySecret } from './secrets.ts';

/** @throws Refusal when the header is missing or is neither key */
export const demandKey = async (given: string | undefined, secret: KeySecret): Promise<void> => {
  if (given === undefined || given === '') throw new Refusal('api_key');
  if (isOneOf(given, await secret.keys())) return;
  // It may have been made current a moment ago.
  const fresh = await secret.fresh();
  if (fresh === undefined || !isOneOf(given, fresh)) throw new Refusal('api_key');
};

/** @throws Refusal when the request did not come through CloudFront */
export const demandOrigin = (given: string | undefined, hashes: readonly string[]): void => {
  if (given === undefined || !hashesToOneOf(given, hashes)) throw new Refusal('origin');
};

/** Secrets, read when first needed and kept for some minutes. */
import { TwoKeys } from '../contracts/gateway.ts';
import { Refusal } from './refusal.ts';

export interface SecretParts {
  /** The secret's text. */
  readonly read: (arn: string) => Promise<string>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface KeySecret {
  /** The keys as last read. @throws Refusal when they cannot be read, or are not two keys */
  keys(): Promise<TwoKeys>;
  /** The keys read anew, unless that was a moment ago; undefined then. For a key that nobody knows. */
  fresh(): Promise<TwoKeys | undefined>;
}

const keptMs = 300_000;
// A guessed key costs one call in half a minute, not one each.
const freshMs = 30_000;

/** One secret with a pair of keys. */
export const openKeys = (arn: string, { read, now }: SecretParts): KeySecret => {
  let known: { readonly at: number; readonly keys: Promise<TwoKeys> } | undefined;
  const load = async (): Promise<TwoKeys> => {
    try {
      return TwoKeys.parse(JSON.parse(await read(arn)));
    } catch {
      // The cause may quote the secret.
      throw new Refusal('secret_unreadable');
    }
  };
  const readAgain = (): Promise<TwoKeys> => {
    const reading = { at: now(), keys: load() };
    known = reading;
    // A failure is not kept: the next request tries again.
    reading.keys.catch(() => {
      if (known === reading) known = undefined;
    });
    return reading.keys;
  };
  return {
    keys: () => (known !== undefined && now() - known.at < keptMs ? known.keys : readAgain()),
    fresh: async () => (known !== undefined && now() - known.at < freshMs ? undefined : readAgain()),
  };
};

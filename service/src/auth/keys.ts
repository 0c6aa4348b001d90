/** The keys that sign access tokens: in the store, rotated by age, shared by all tasks. */
import type { JSONWebKeySet, JWK } from 'jose';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { secretDigest } from './digest.ts';
import type { Secrets } from './secrets.ts';
import { newSigningKey, readSigningKey, type SigningKey } from './signing-key.ts';

export interface KeySet {
  /** Changes when the keys do. */
  readonly version: string;
  /** Private keys, the one that signs first. */
  readonly signing: readonly [JWK, ...JWK[]];
  /** Public keys of every token that may still be valid. */
  readonly verifying: JSONWebKeySet;
}

export interface SigningKeys {
  /** The keys of the last minute. When the store is away, the last ones read. */
  current(): Promise<KeySet>;
  /**
   * For a token signed with a key that is not known. Reads again at once where it is the key that follows the newest
   * one, which another task just made; for any other, which anybody may name, at most every five seconds.
   */
  reload(keyId: string | undefined): Promise<KeySet>;
}

interface Parts {
  readonly tables: Tables;
  readonly secrets: Pick<Secrets, 'sealer' | 'fingerprint'>;
  readonly config: Pick<Config, 'KEY_ROTATION_DAYS' | 'READ_TOKEN_SECONDS'>;
  readonly log: Logger;
  readonly now: () => Date;
}

const day = 86_400;
const freshMs = 60_000;
const reloadMs = 5_000;

/** @param newest a key that is known to follow all others: an index may not show it yet, its row is there */
const load = async ({ tables, secrets }: Parts, newest: string | undefined): Promise<SigningKey[]> => {
  const { items } = await tables.query('signing-keys', {
    index: 'keySet-createdAt-index',
    partition: 'current',
    descending: true,
  });
  const isShown = newest === undefined || items.some(({ keyId }) => keyId === newest);
  const row = isShown ? undefined : await tables.get('signing-keys', { keyId: newest });
  return Promise.all([...(row ? [row] : []), ...items].map((each) => readSigningKey(each, secrets.sealer)));
};

const successorOf = ({ secrets }: Pick<Parts, 'secrets'>, predecessor: string): string =>
  secretDigest(`${secrets.fingerprint}/${predecessor}`).slice(0, 22);

/**
 * The successor's id follows from its predecessor's and the encryption key, so tasks that rotate at once want the same
 * row: the first insert wins and the others use it, however late an index shows it.
 */
const succeed = async (parts: Parts, predecessor: string): Promise<SigningKey> => {
  const { tables, secrets, config, now } = parts;
  const keyId = successorOf(parts, predecessor);
  const life = config.KEY_ROTATION_DAYS * day + config.READ_TOKEN_SECONDS + day;
  await tables.insert('signing-keys', await newSigningKey(keyId, now(), life, secrets.sealer));
  const row = await tables.get('signing-keys', { keyId });
  if (!row) throw new Error('the signing key that was just written is not there');
  return readSigningKey(row, secrets.sealer);
};

const isPrivate = (key: SigningKey): key is SigningKey & { privateJwk: JWK } => key.privateJwk !== undefined;

/** A region that only reads makes no successor, and verifies with what there is until the home has made one. */
const unlessOnlyReading =
  (newest: SigningKey | undefined) =>
  (error: unknown): SigningKey => {
    if (newest !== undefined && error instanceof CountersignError && error.code === 'not_home') return newest;
    throw error;
  };

const read = async (parts: Parts, wanted?: string): Promise<KeySet> => {
  const stored = await load(parts, wanted);
  const youngEnough = parts.now().getTime() - parts.config.KEY_ROTATION_DAYS * day * 1000;
  const newest = stored.find(isPrivate);
  const signing =
    newest && newest.createdAt.getTime() > youngEnough
      ? newest
      : await succeed(parts, newest?.keyId ?? 'none').catch(unlessOnlyReading(newest));
  if (!isPrivate(signing)) throw new Error('the signing key cannot be opened with this ENCRYPTION_KEY');
  const others = stored.filter((key) => key.keyId !== signing.keyId);
  return {
    version: [signing, ...others].map((key) => key.keyId).join(' '),
    signing: [signing.privateJwk, ...others.filter(isPrivate).map((key) => key.privateJwk)],
    verifying: { keys: [signing, ...others].map((key) => key.publicJwk) },
  };
};

/** Reads the keys, making the first one if there is none. @throws when the store is away */
export const openSigningKeys = async (parts: Parts): Promise<SigningKeys> => {
  let set = await read(parts);
  let readAt = parts.now().getTime();
  let reading: Promise<KeySet> | undefined;
  const refresh = (wanted?: string): Promise<KeySet> => {
    reading ??= read(parts, wanted)
      .then((fresh) => {
        set = fresh;
        return fresh;
      })
      .catch((error: unknown) => {
        parts.log.warn({ err: error }, 'signing keys could not be read; the last ones stay in use');
        return set;
      })
      .finally(() => {
        readAt = parts.now().getTime();
        reading = undefined;
      });
    return reading;
  };
  const olderThan = (ms: number) => parts.now().getTime() - readAt >= ms;
  return {
    current: async () => (olderThan(freshMs) ? refresh() : set),
    reload: async (keyId) => {
      await reading;
      const isNext = keyId !== undefined && keyId === successorOf(parts, String(set.signing[0].kid));
      if (isNext) return refresh(keyId);
      return olderThan(reloadMs) ? refresh() : set;
    },
  };
};

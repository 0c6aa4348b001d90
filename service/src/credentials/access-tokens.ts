/**
 * Access tokens of connected accounts. They are kept sealed in the ephemeral cache until they end; the refresh token is used by
 * one task at a time, because a provider that rotates takes a second use for theft.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sealer } from '../auth/sealed.ts';
import type { Identity } from '../operations/same-human.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import { type Connection, connectionKey } from './connections.ts';
import type { ProviderTokens } from './oauth-client.ts';
import type { Provider } from './providers.ts';
import { type RefreshParts, refresh } from './refresh.ts';
import { credentialsRequired, unreachable } from './required.ts';

export interface AccessTokens {
  /** @throws credentials_required; upstream_error while the provider does not answer */
  of(provider: Provider, person: Identity): Promise<string>;
  /** Forgets a token that the upstream refused. */
  forget(provider: Provider, person: Identity, token: string): Promise<void>;
}

interface Parts extends RefreshParts {
  readonly ephemeral: Pick<Ephemeral, 'get' | 'set' | 'remove'>;
  readonly sealer: Sealer;
}

/** A token that ends sooner is not used any more. */
const MARGIN_SECONDS = 60;
/** How long a task may take to ask the provider, twice where the first answer was lost; after that another one does. */
const REFRESHING_MS = 30_000;
const PAUSE_MS = 100;
/** Longer than another task's turn. */
const MOST_WAIT_MS = REFRESHING_MS + 5_000;
/** The time of last use is kept to these minutes. */
const TOUCH_MS = 600_000;

/** By the generation, so that a token of before a refresh is not found after it. */
const keyOf = (connection: Connection): string => `credentials|${connectionKey(connection)}|${connection.generation}`;

const cached = async ({ ephemeral, sealer }: Parts, connection: Connection): Promise<string | undefined> => {
  const sealed = await ephemeral.get(keyOf(connection));
  return sealed === undefined ? undefined : sealer.open(sealed, keyOf(connection));
};

const keep = async (
  { ephemeral, sealer }: Parts,
  connection: Connection,
  { access, seconds }: ProviderTokens,
): Promise<void> => {
  const left = seconds - MARGIN_SECONDS;
  if (left > 0) await ephemeral.set(keyOf(connection), sealer.seal(access, keyOf(connection)), left);
};

const touch = async ({ connections, now }: Parts, connection: Connection): Promise<void> => {
  const at = now();
  const { lastUsedAt } = connection;
  if (lastUsedAt !== undefined && at.getTime() - Date.parse(lastUsedAt) < TOUCH_MS) return;
  // Whoever else writes the row at this moment uses it too.
  await connections.replace({ ...connection, lastUsedAt: at.toISOString() });
};

/** Refreshes unless another task does. @returns undefined where the connection is to be read anew */
const refreshed = async (
  parts: Parts,
  provider: Provider,
  found: Connection & { readonly refreshToken: string },
): Promise<string | undefined> => {
  const at = parts.now().getTime();
  if (found.refreshing !== undefined && found.refreshing.until > at) {
    await sleep(PAUSE_MS);
    return undefined;
  }
  const refreshing = { id: randomUUID(), until: at + REFRESHING_MS };
  if (!(await parts.connections.replace({ ...found, refreshing }))) return undefined;
  const fresh = await refresh(parts, provider, { ...found, refreshing, version: found.version + 1 });
  if (fresh === undefined) return undefined;
  await keep(parts, fresh.connection, fresh.tokens);
  return fresh.tokens.access;
};

/** Reads the connection each time, so that one that was ended a moment ago gives nothing. */
const obtain = async (parts: Parts, provider: Provider, person: Identity): Promise<string> => {
  const end = performance.now() + MOST_WAIT_MS;
  while (performance.now() < end) {
    const found = await parts.connections.find(provider, person);
    if (found === undefined) throw credentialsRequired(provider, 'missing', parts.publicUrl);
    const { refreshToken } = found;
    if (refreshToken === undefined) throw credentialsRequired(provider, 'ended', parts.publicUrl);
    const known = await cached(parts, found);
    if (known !== undefined) await touch(parts, found);
    const token = known ?? (await refreshed(parts, provider, { ...found, refreshToken }));
    if (token !== undefined) return token;
  }
  throw unreachable(provider);
};

export const createAccessTokens = (parts: Parts): AccessTokens => {
  const underWay = new Map<string, Promise<string>>();
  return {
    of(provider, person) {
      const key = JSON.stringify([provider.name, person.personId, person.issuer, person.owner]);
      const known = underWay.get(key);
      if (known !== undefined) return known;
      const work = obtain(parts, provider, person).finally(() => underWay.delete(key));
      underWay.set(key, work);
      return work;
    },
    async forget(provider, person, token) {
      const found = await parts.connections.find(provider, person);
      if (found !== undefined && (await cached(parts, found)) === token) await parts.ephemeral.remove(keyOf(found));
    },
  };
};

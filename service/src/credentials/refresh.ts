/** The one use of a refresh token by the task that claimed it, and what is kept of the answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Connection, Connections } from './connections.ts';
import { type OauthClient, ProviderError, type ProviderTokens } from './oauth-client.ts';
import type { Provider } from './providers.ts';
import { credentialsRequired, unreachable } from './required.ts';

export interface RefreshParts {
  readonly connections: Connections;
  readonly clientOf: (provider: Provider) => OauthClient;
  readonly publicUrl: string;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface Refreshed {
  readonly connection: Connection;
  readonly tokens: ProviderTokens;
}

const KEEP_TRIES = 3;
const PAUSE_MS = 100;

/** The provider rotated already: what it gave is all there is. */
const replaceSurely = async (connections: Connections, connection: Connection): Promise<boolean> => {
  for (let tries = 1; ; tries += 1)
    try {
      return await connections.replace(connection);
    } catch (error) {
      if (tries === KEEP_TRIES) throw error;
      await sleep(PAUSE_MS * tries);
    }
};

/** What nobody will ever know of must not stay good. */
const revoke = async ({ clientOf, log }: RefreshParts, provider: Provider, token: string): Promise<void> => {
  await clientOf(provider)
    .revoke(token)
    .catch((err: unknown) => log.warn({ err, provider: provider.name }, 'a token was not revoked at its provider'));
};

/** Keeps what a refresh gave. Undefined where the connection is another one by now, or none. */
const keptAs = async (parts: RefreshParts, provider: Provider, next: Connection): Promise<Connection | undefined> => {
  let wanted = next;
  while (!(await replaceSurely(parts.connections, wanted))) {
    const found = await parts.connections.find(provider, next.person);
    if (found?.connectionId !== next.connectionId) {
      if (next.refreshToken !== undefined) await revoke(parts, provider, next.refreshToken);
      return undefined;
    }
    // Another task took over and was quicker. Its token counts, and revoking ours might end both.
    if (found.generation >= next.generation) return undefined;
    // Only its time of last use was written.
    wanted = { ...next, version: found.version };
  }
  return wanted;
};

/** Asks again where an answer was lost: within their grace providers give a successor again. */
const asked = async (client: OauthClient, refreshToken: string): Promise<ProviderTokens> => {
  try {
    return await client.refresh(refreshToken);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.fault !== 'unreachable') throw error;
    return client.refresh(refreshToken);
  }
};

/**
 * What a failure leaves: the old token, unless the provider said that it is no good; a lost answer need not have changed anything.
 * Resolves where the connection moved meanwhile, and is to be read anew.
 */
const failed = async (parts: RefreshParts, provider: Provider, claimed: Connection, error: unknown): Promise<void> => {
  if (!(error instanceof ProviderError)) throw error;
  const { refreshing: _over, ...rest } = claimed;
  const said = { err: error, provider: provider.name, userId: claimed.userId };
  if (error.fault !== 'refused') {
    parts.log.error(said, 'no access token of a connected account');
    await parts.connections.replace(rest);
    throw unreachable(provider);
  }
  parts.log.info(said, 'a connected account was ended at its provider');
  if (await parts.connections.replace({ ...rest, refreshToken: undefined }))
    throw credentialsRequired(provider, 'ended', parts.publicUrl);
};

/**
 * @param claimed a connection that this task alone refreshes
 * @returns undefined where it moved meanwhile: it is to be read anew
 * @throws credentials_required, upstream_error
 */
export const refresh = async (
  parts: RefreshParts,
  provider: Provider,
  claimed: Connection & { readonly refreshToken: string },
): Promise<Refreshed | undefined> => {
  const { refreshing: _over, refreshToken, ...rest } = claimed;
  let tokens: ProviderTokens;
  try {
    tokens = await asked(parts.clientOf(provider), refreshToken);
  } catch (error) {
    await failed(parts, provider, claimed, error);
    return undefined;
  }
  const connection = await keptAs(parts, provider, {
    ...rest,
    refreshToken: tokens.refresh ?? refreshToken,
    generation: claimed.generation + 1,
    scopes: [...(tokens.scopes ?? claimed.scopes)],
    lastUsedAt: parts.now().toISOString(),
  });
  return connection && { connection, tokens };
};

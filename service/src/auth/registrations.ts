/**
 * How long a registered client is kept. Anybody may register, so one that nobody allows anything goes after a day; one
 * in use stays, because a client that is forgotten meets a dead end at its next sign-in.
 */
import type { Tables } from '../ports/tables.ts';
import { artifactId } from './artifact-at-rest.ts';

/** Seconds a client is kept without a person's consent. */
export const unusedSeconds = 86_400;
/** Seconds a client is kept after its last token: longer than any refresh token lives. */
export const idleSeconds = 180 * 86_400;

interface Parts {
  readonly tables: Tables;
  readonly now: () => Date;
}

/** Keeps the client for another while, at most one write a day. Clients known by a document have no row. */
export const createRegistrationUse =
  ({ tables, now }: Parts) =>
  async (clientId: string): Promise<void> => {
    const row = await tables.get('oauth-artifacts', { artifactId: artifactId('Client', clientId) });
    if (!row) return;
    const expirationTime = Math.floor(now().getTime() / 1000) + idleSeconds;
    if (row.expirationTime !== undefined && row.expirationTime > expirationTime - unusedSeconds) return;
    await tables.put('oauth-artifacts', { ...row, expirationTime }, { model: 'Client' });
  };

/** One row per grant a person gave a client: what it may do, hashes of its newest tokens, and whether it was revoked. */
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../tables.ts';
import { digest } from './digest.ts';

export interface NewGrant {
  readonly grantId: string;
  readonly personId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** A grant that was not revoked. */
export interface StandingGrant extends NewGrant {
  /** ISO time of the consent. */
  readonly createdAt: string;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly scopes: readonly string[];
}

export interface Grants {
  /** Written before the first token, so that there is something to revoke at any moment. */
  begin(grant: NewGrant): Promise<void>;
  /** Keeps hashes of the newest tokens. False when the grant is revoked: the tokens must not be handed out. */
  issued(grantId: string, tokens: IssuedTokens): Promise<boolean>;
  /** Tokens of the grant are refused from now on. Whose grant it was; undefined when it was unknown or revoked before. */
  revoke(grantId: string): Promise<Pick<NewGrant, 'personId' | 'clientId'> | undefined>;
  /** Whether it is this person's grant and still stands. */
  isActive(grantId: string, personId: string): Promise<boolean>;
  /** Whether the person has an active grant to the client. */
  has(personId: string, clientId: string): Promise<boolean>;
  /** The grant, if it still stands. */
  find(grantId: string): Promise<StandingGrant | undefined>;
  /** Grants of the person that still stand and have or may yet get tokens; newest first, no more than `limit`. */
  standing(personId: string, limit: number): Promise<StandingGrant[]>;
}

interface Parts {
  readonly tables: Tables;
  readonly config: Pick<Config, 'REFRESH_TOKEN_DAYS' | 'READ_TOKEN_SECONDS'>;
  readonly now: () => Date;
}

const day = 86_400;

/** Retries a change of the row that another task changed at the same moment. */
const change = async (
  tables: Tables,
  grantId: string,
  edit: (row: Row<'oauth-sessions'>) => Row<'oauth-sessions'> | undefined,
): Promise<Row<'oauth-sessions'> | undefined> => {
  for (;;) {
    const row = await tables.get('oauth-sessions', { sessionId: grantId });
    const edited = row && edit(row);
    if (!edited) return undefined;
    const { sessionId, accessTokenHash } = row;
    if (await tables.put('oauth-sessions', edited, { sessionId, accessTokenHash, revokedAt: undefined })) return edited;
  }
};

/** All grants of a person, newest first. */
async function* grantsOf(tables: Tables, personId: string): AsyncGenerator<Row<'oauth-sessions'>> {
  let cursor: string | undefined;
  do {
    const page = await tables.query('oauth-sessions', {
      index: 'userId-createdAt-index',
      partition: personId,
      descending: true,
      ...(cursor !== undefined && { cursor }),
    });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

const standingOf = ({ sessionId, userId, clientId, scopes, createdAt }: Row<'oauth-sessions'>): StandingGrant => ({
  grantId: sessionId,
  personId: userId,
  clientId,
  scopes: z.array(z.string()).parse(scopes),
  createdAt,
});

// A code lives a minute; a grant whose code was never redeemed has no token and gets none.
const codeSeconds = 60;

export const createGrants = ({ tables, config, now }: Parts): Grants => ({
  async begin({ grantId, personId, clientId, scopes }) {
    const at = now();
    const ends = new Date(at.getTime() + config.REFRESH_TOKEN_DAYS * day * 1000);
    await tables.insert('oauth-sessions', {
      sessionId: grantId,
      userId: personId,
      clientId,
      accessTokenHash: '',
      scopes: [...scopes],
      createdAt: at.toISOString(),
      expiresAt: ends.toISOString(),
      // The last access token outlives the refresh token it came from.
      expirationTime: Math.ceil(ends.getTime() / 1000) + config.READ_TOKEN_SECONDS,
    });
  },
  issued: async (grantId, { accessToken, refreshToken, scopes }) =>
    (await change(tables, grantId, (row) =>
      row.revokedAt === undefined
        ? {
            ...row,
            accessTokenHash: digest(accessToken),
            ...(refreshToken !== undefined && { refreshTokenHash: digest(refreshToken) }),
            scopes: [...scopes],
          }
        : undefined,
    )) !== undefined,
  async revoke(grantId) {
    const ended = await change(tables, grantId, (row) =>
      row.revokedAt === undefined ? { ...row, revokedAt: now().toISOString() } : undefined,
    );
    return ended && { personId: ended.userId, clientId: ended.clientId };
  },
  async isActive(grantId, personId) {
    const row = await tables.get('oauth-sessions', { sessionId: grantId });
    return row !== undefined && row.userId === personId && row.revokedAt === undefined;
  },
  async has(personId, clientId) {
    for await (const row of grantsOf(tables, personId))
      if (row.clientId === clientId && row.revokedAt === undefined) return true;
    return false;
  },
  async find(grantId) {
    const row = await tables.get('oauth-sessions', { sessionId: grantId });
    return row && row.revokedAt === undefined ? standingOf(row) : undefined;
  },
  async standing(personId, limit) {
    const found: StandingGrant[] = [];
    const redeemable = now().getTime() - codeSeconds * 1000;
    for await (const row of grantsOf(tables, personId)) {
      const stillborn = row.accessTokenHash === '' && Date.parse(row.createdAt) < redeemable;
      if (row.revokedAt === undefined && !stillborn) found.push(standingOf(row));
      if (found.length === limit) break;
    }
    return found;
  },
});

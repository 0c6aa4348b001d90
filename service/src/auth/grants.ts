/** One row per grant a person gave a client: what it may do, hashes of its newest tokens, and whether it was revoked. */
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import type { Config } from '../config.ts';
import type { Tables } from '../ports/tables.ts';
import { secretDigest } from './digest.ts';

export interface NewGrant {
  readonly grantId: string;
  readonly personId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Host that the authorization's answer goes to. */
  readonly answersTo?: string;
}

/** A grant that was not revoked. */
export interface StandingGrant extends NewGrant {
  /** ISO time of the consent. */
  readonly createdAt: string;
  /** ISO time at which its last refresh token ends, unless it is used. */
  readonly expiresAt: string;
  /** Epoch seconds at which its elevated scopes end, or ended. Of no meaning where it has none. */
  readonly elevatedUntil: number;
  /** ISO time, to a few minutes; absent when no call came with it. */
  readonly lastUsedAt?: string;
}

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly scopes: readonly string[];
  /** Seconds the access token lives. */
  readonly expiresIn: number;
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
  /** Grants of the person that still stand and have or may yet get tokens; newest first. */
  standing(personId: string): Promise<StandingGrant[]>;
  /** All grants of the client that this one is of, if it is the person's and stands; without those that were revoked. */
  alongside(grantId: string, personId: string): Promise<StandingGrant[]>;
}

interface Parts {
  readonly tables: Tables;
  readonly config: Pick<Config, 'REFRESH_TOKEN_DAYS' | 'READ_TOKEN_SECONDS' | 'ELEVATED_TOKEN_SECONDS'>;
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

// A code lives a minute; a grant whose code was never redeemed has no token and gets none.
const codeSeconds = 60;
// How exactly it is known when an app was last used: each time costs a write.
const usedSeconds = 300;

const standingOf = (
  row: Row<'oauth-sessions'>,
  { ELEVATED_TOKEN_SECONDS: elevatedSeconds }: Parts['config'],
): StandingGrant => ({
  grantId: row.sessionId,
  personId: row.userId,
  clientId: row.clientId,
  scopes: z.array(z.string()).parse(row.scopes),
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
  // Without a token yet: at the latest this.
  elevatedUntil: row.elevatedUntil ?? Math.ceil(Date.parse(row.createdAt) / 1000) + codeSeconds + elevatedSeconds,
  ...(row.answersTo !== undefined && { answersTo: row.answersTo }),
  ...(row.lastUsedAt !== undefined && { lastUsedAt: row.lastUsedAt }),
});

/** Keeps when the grant was last used. What is lost with a write is only that. */
const touch = ({ tables, now }: Parts, row: Row<'oauth-sessions'>): void => {
  const at = now();
  if (row.lastUsedAt !== undefined && at.getTime() - Date.parse(row.lastUsedAt) < usedSeconds * 1000) return;
  const { sessionId, accessTokenHash, lastUsedAt } = row;
  const unchanged = { sessionId, accessTokenHash, revokedAt: undefined, lastUsedAt };
  tables.put('oauth-sessions', { ...row, lastUsedAt: at.toISOString() }, unchanged).catch(() => {
    // A store that is away refuses the calls themselves; nobody waits for this.
  });
};

export const createGrants = (parts: Parts): Grants => {
  const { tables, config, now } = parts;
  const find = (grantId: string) => tables.get('oauth-sessions', { sessionId: grantId });
  return {
    async begin({ grantId, personId, clientId, scopes, answersTo }) {
      const at = now();
      const ends = new Date(at.getTime() + config.REFRESH_TOKEN_DAYS * day * 1000);
      await tables.insert('oauth-sessions', {
        sessionId: grantId,
        userId: personId,
        clientId,
        accessTokenHash: '',
        scopes: [...scopes],
        ...(answersTo !== undefined && { answersTo }),
        createdAt: at.toISOString(),
        expiresAt: ends.toISOString(),
        // The last access token outlives the refresh token it came from.
        expirationTime: Math.ceil(ends.getTime() / 1000) + config.READ_TOKEN_SECONDS,
      });
    },
    issued: async (grantId, { accessToken, refreshToken, scopes, expiresIn }) =>
      (await change(tables, grantId, (row) =>
        row.revokedAt === undefined
          ? {
              ...row,
              accessTokenHash: secretDigest(accessToken),
              ...(refreshToken !== undefined && { refreshTokenHash: secretDigest(refreshToken) }),
              scopes: [...scopes],
              elevatedUntil: Math.floor(now().getTime() / 1000) + expiresIn,
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
      const row = await find(grantId);
      if (!row || row.userId !== personId || row.revokedAt !== undefined) return false;
      touch(parts, row);
      return true;
    },
    async has(personId, clientId) {
      for await (const row of grantsOf(tables, personId))
        if (row.clientId === clientId && row.revokedAt === undefined) return true;
      return false;
    },
    async find(grantId) {
      const row = await find(grantId);
      return row && row.revokedAt === undefined ? standingOf(row, config) : undefined;
    },
    async standing(personId) {
      const found: StandingGrant[] = [];
      const redeemable = now().getTime() - codeSeconds * 1000;
      for await (const row of grantsOf(tables, personId)) {
        const stillborn = row.accessTokenHash === '' && Date.parse(row.createdAt) < redeemable;
        if (row.revokedAt === undefined && !stillborn) found.push(standingOf(row, config));
      }
      return found;
    },
    async alongside(grantId, personId) {
      const named = await find(grantId);
      if (named?.userId !== personId || named.revokedAt !== undefined) return [];
      // By its key, because an index may not show the newest yet.
      const found = new Map([[named.sessionId, named]]);
      for await (const row of grantsOf(tables, personId))
        if (row.clientId === named.clientId) found.set(row.sessionId, row);
      return [...found.values()].filter((row) => row.revokedAt === undefined).map((row) => standingOf(row, config));
    },
  };
};

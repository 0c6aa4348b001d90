/** Connected accounts as they are kept: what people may see of them, and the refresh token sealed. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Row } from '../../../contracts/tables.ts';
import { secretDigest } from '../auth/digest.ts';
import type { Sealer } from '../auth/sealed.ts';
import { type Identity, isSamePerson } from '../operations/same-human.ts';
import type { Tables, Write } from '../ports/tables.ts';
import type { ProviderTokens } from './oauth-client.ts';
import type { Provider } from './providers.ts';

const Record = z.object({
  /** Of this connection; another one of the same person to the same provider has another. */
  connectionId: z.string(),
  /** Who connected it. */
  person: z.object({
    personId: z.string(),
    issuer: z.string().optional(),
    owner: z.string().optional(),
    email: z.string(),
  }),
  /** How people know the account at the provider. */
  account: z.string().optional(),
  subject: z.string().optional(),
  scopes: z.array(z.string()),
  connectedAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
  /** How often its refresh token was used: what is cached belongs to one number. */
  generation: z.int(),
  /** A task is asking the provider for a new token. */
  refreshing: z.object({ id: z.string(), until: z.number() }).optional(),
});
type Record = z.infer<typeof Record>;

/** A connection, as it was read. Absent refresh token: the provider ended it, or no key opens it. */
export interface Connection extends Record {
  readonly userId: string;
  readonly provider: string;
  readonly version: number;
  readonly refreshToken: string | undefined;
}

export interface Connections {
  /** The person's own, read as it is now. */
  find(provider: Pick<Provider, 'name'>, person: Identity): Promise<Connection | undefined>;
  /** Writes what became of it. False, and nothing written, where it moved since it was read. */
  replace(connection: Connection): Promise<boolean>;
  /** The write of a new connection in place of whatever is there. */
  connecting(
    provider: Pick<Provider, 'name'>,
    person: Identity,
    tokens: ProviderTokens & { readonly scopes: readonly string[] },
    before: Connection | undefined,
  ): Write;
  removing(connection: Connection): Write;
}

interface Parts {
  readonly tables: Tables;
  readonly sealer: Sealer;
  readonly now: () => Date;
}

const table = 'upstream-credentials';
/** A connection that nobody uses for so long is forgotten. Google's refresh tokens end after six months as well. */
const UNUSED_DAYS = 180;
const DAY_SECONDS = 86_400;

const entryOf = (provider: string): string => `connected|${provider}`;
const contextOf = ({ userId, provider, connectionId }: Pick<Connection, 'userId' | 'provider' | 'connectionId'>) =>
  `upstream-credential|${JSON.stringify([userId, provider, connectionId])}`;

/** Stands for one connection in keys of caches. */
export const connectionKey = ({ userId, provider, connectionId }: Connection): string =>
  secretDigest(contextOf({ userId, provider, connectionId }));

export const createConnections = ({ tables, sealer, now }: Parts): Connections => {
  const rowOf = ({ userId, provider, version, refreshToken, ...record }: Connection): Row<typeof table> => ({
    userId,
    entry: entryOf(provider),
    version,
    record: Record.parse(record),
    // Each write seals anew, with the newest key.
    ...(refreshToken !== undefined && {
      sealed: sealer.seal(refreshToken, contextOf({ userId, provider, connectionId: record.connectionId })),
    }),
    expirationTime: Math.floor(now().getTime() / 1000) + UNUSED_DAYS * DAY_SECONDS,
  });
  const read = (provider: string, { userId, version, record, sealed }: Row<typeof table>): Connection => {
    const parsed = Record.parse(record);
    const place = { userId, provider, connectionId: parsed.connectionId };
    return {
      ...parsed,
      ...place,
      version,
      refreshToken: sealed === undefined ? undefined : sealer.open(sealed, contextOf(place)),
    };
  };
  return {
    async find({ name }, person) {
      const row = await tables.get(table, { userId: person.personId, entry: entryOf(name) });
      const found = row && read(name, row);
      // The same subject may be somebody else's at another issuer.
      return found && isSamePerson(found.person, person) ? found : undefined;
    },
    replace: (connection) =>
      tables.put(table, rowOf({ ...connection, version: connection.version + 1 }), { version: connection.version }),
    connecting({ name }, { personId, issuer, owner, email }, tokens, before) {
      const row = rowOf({
        userId: personId,
        provider: name,
        version: (before?.version ?? 0) + 1,
        connectionId: randomUUID(),
        person: {
          personId,
          email,
          ...(issuer !== undefined && { issuer }),
          ...(owner !== undefined && { owner }),
        },
        ...(tokens.account !== undefined && { account: tokens.account }),
        ...(tokens.subject !== undefined && { subject: tokens.subject }),
        scopes: [...tokens.scopes],
        connectedAt: now().toISOString(),
        generation: 0,
        refreshToken: tokens.refresh,
      });
      return before === undefined
        ? { kind: 'put', table, row }
        : { kind: 'put', table, row, expect: { version: before.version } };
    },
    removing: ({ userId, provider, version }) => ({
      kind: 'remove',
      table,
      key: { userId, entry: entryOf(provider) },
      expect: { version },
    }),
  };
};

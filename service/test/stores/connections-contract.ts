/** What connected accounts promise, on whatever engine keeps them: one row, moved by one task at a time. */
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import type { Person } from '../../src/auth/caller.ts';
import { createKeyRing } from '../../src/auth/sealed.ts';
import { type AccessTokens, createAccessTokens } from '../../src/credentials/access-tokens.ts';
import { createConnect } from '../../src/credentials/connect.ts';
import { type Connection, type Connections, createConnections } from '../../src/credentials/connections.ts';
import { createOauthClient, type OauthClient, ProviderError } from '../../src/credentials/oauth-client.ts';
import type { Provider } from '../../src/credentials/providers.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { openMemoryEphemeral } from '../../src/stores/memory/ephemeral.ts';

const DAY = 86_400_000;
const table = 'upstream-credentials';
const provider: Provider = {
  ...{ name: 'maps', pack: 'atlas', title: 'Maps', way: 'connected', header: 'x-maps-token', parameters: {} },
  ...{ issuer: 'https://maps.example.com', authorization: 'https://maps.example.com/agree' },
  ...{ token: 'https://maps.example.com/token', clientId: 'id', clientSecret: 'secret' },
  ...{ scopes: ['email'], parts: new Map(), tools: new Map() },
};

/** A provider that rotates, and takes a second use of a refresh token for theft. */
class Rotating {
  readonly used: string[] = [];
  readonly redeemed: string[] = [];
  readonly client: OauthClient = {
    ...createOauthClient(provider),
    refresh: async (token) => {
      if (this.used.includes(token)) throw new ProviderError('refused', 'used twice');
      this.used.push(token);
      return { access: `access after ${token}`, seconds: 300, refresh: `${token}+` };
    },
    redeem: async (answer) => {
      this.redeemed.push(answer.search);
      return { access: 'access', seconds: 300, refresh: 'refresh', scopes: ['email'] };
    },
    revoke: async () => {},
  };
}

export const connectionsContract = (open: (now: () => Date) => Promise<TableEngine>): void => {
  let tables: TableEngine;
  let time = Date.parse('2026-11-20T09:00:00.000Z');
  const now = () => new Date(time);
  const sealer = createKeyRing([new Uint8Array(32).fill(7)]);
  let connections: Connections;
  /** Of this test alone, because the tests share one store. */
  let ana: Person;
  beforeAll(async () => {
    tables = await open(now);
    connections = createConnections({ tables, sealer, now });
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    const personId = `ana-${randomUUID()}`;
    ana = { personId, name: 'Ana', email: 'ana@example.com', issuer: 'https://one.example.com', roles: [] };
  });

  const rowOf = ({ personId }: Person) => tables.get(table, { userId: personId, entry: 'connected|maps' });
  const connected = async (refresh = 'first'): Promise<Connection> => {
    const tokens = { access: 'a', seconds: 300, refresh, scopes: ['email'], subject: 's', account: 'ana@maps' };
    const write = connections.connecting(provider, ana, tokens, await connections.find(provider, ana));
    expect(await tables.transact([write])).toBe(true);
    return found();
  };
  const found = async (): Promise<Connection> => {
    const connection = await connections.find(provider, ana);
    if (connection === undefined) throw new Error('none is connected');
    return connection;
  };

  it('give back what was connected, to its person alone, and hold the token sealed', async () => {
    expect(await connected()).toMatchObject({
      ...{ provider: 'maps', version: 1, generation: 0, refreshToken: 'first' },
      ...{ account: 'ana@maps', subject: 's', scopes: ['email'], connectedAt: '2026-11-20T09:00:00.000Z' },
    });
    expect(await connections.find(provider, { ...ana, issuer: 'https://other.example.com' })).toBeUndefined();
    expect(await connections.find({ name: 'roads' }, ana)).toBeUndefined();
    expect(JSON.stringify(await rowOf(ana))).not.toContain('first');
  });

  it('move for one of many who read the same, and for nobody who read it before', async () => {
    const read = await connected();
    const moves = Array.from({ length: 6 }, (_, nth) => ({
      ...read,
      refreshToken: `token ${nth}`,
      generation: 1 + nth,
    }));
    const taken = await Promise.all(moves.map((move) => connections.replace(move)));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await found()).toMatchObject({ version: 2, refreshToken: `token ${taken.indexOf(true)}` });
    expect(await connections.replace({ ...read, refreshToken: undefined })).toBe(false);
  });

  it('leave nothing sealed where the provider ended them, and are another connection once connected again', async () => {
    const read = await connected();
    expect(await connections.replace({ ...read, refreshToken: undefined })).toBe(true);
    expect(await rowOf(ana)).not.toHaveProperty('sealed');
    const again = await connected('second');
    expect(again).toMatchObject({ version: 3, generation: 0, refreshToken: 'second' });
    expect(again.connectionId).not.toBe(read.connectionId);
  });

  it('are not forgotten by who read them before they moved, and do not come back once forgotten', async () => {
    const read = await connected();
    expect(await connections.replace({ ...read, lastUsedAt: now().toISOString() })).toBe(true);
    expect(await tables.transact([connections.removing(read)])).toBe(false);
    const last = await found();
    expect(await tables.transact([connections.removing(last)])).toBe(true);
    expect(await connections.replace({ ...last, refreshToken: 'late' })).toBe(false);
    expect(await connections.find(provider, ana)).toBeUndefined();
  });

  it('are forgotten after 180 days without use, and each use begins them anew', async () => {
    await connected();
    time += 179 * DAY;
    expect(await connections.replace(await found())).toBe(true);
    time += 179 * DAY;
    expect(await found()).toMatchObject({ refreshToken: 'first' });
    time += 2 * DAY;
    expect(await connections.find(provider, ana)).toBeUndefined();
  });

  it('have their token used once, though three tasks want it at once', async () => {
    await connected();
    const office = new Rotating();
    // What the tasks share: the store, and the cache.
    const ephemeral = openMemoryEphemeral({ now });
    const task = (): AccessTokens =>
      createAccessTokens({
        ...{ connections: createConnections({ tables, sealer, now }), clientOf: () => office.client, now },
        ...{ ephemeral, sealer, publicUrl: 'https://mcp.example.com', log: pino({ level: 'silent' }) },
      });
    const given = await Promise.all([task(), task(), task()].map((one) => one.of(provider, ana)));
    expect(given).toEqual(given.map(() => 'access after first'));
    expect(office.used).toEqual(['first']);
    expect(await found()).toMatchObject({ generation: 1, refreshToken: 'first+' });
    expect(await rowOf(ana)).not.toHaveProperty('record.refreshing');
  });

  it('come of an attempt that is finished once, also where two tasks are told of it at once', async () => {
    const office = new Rotating();
    const task = () =>
      createConnect({
        ...{ tables, connections, sealer, now, clientOf: () => office.client, log: pino({ level: 'silent' }) },
        publicUrl: 'https://mcp.example.com',
        audit: {
          appendWith: async (event, { writes }) =>
            (await tables.transact(writes))
              ? { ...event, timestamp: now().toISOString(), sequence: 1, previousHash: '', hash: '' }
              : undefined,
        },
      });
    const origin = {
      kind: 'request',
      via: 'page',
      correlationId: 'c',
      ipAddress: '192.0.2.7',
      userAgent: 't',
    } as const;
    const by = { person: ana, csrfToken: 'of this sign-in', origin };
    const state = new URL(await task().begin(provider, by, [])).searchParams.get('state');
    const ends = await Promise.allSettled(
      [task(), task()].map((one) => one.finish(provider, `code=1&state=${state}`, by)),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'access_denied' } });
    expect(office.redeemed).toHaveLength(1);
    expect(await found()).toMatchObject({ version: 1, refreshToken: 'refresh' });
  });
};

import type { AdapterPayload } from 'oidc-provider';
import { openNewDatabase } from '../../test/servers/new-database.ts';
import type { TableEngine } from '../ports/tables.ts';
import { openMemoryTables } from '../stores/memory/tables.ts';
import { createArtifacts } from './artifacts.ts';
import { createRegistrationUse } from './registrations.ts';
import { createSealer } from './sealed.ts';

let clock: Date;
let revoked: string[];
const now = () => clock;

describe.each([
  ['memory', async () => openMemoryTables({ now })],
  ['embedded PostgreSQL', () => openNewDatabase(now)],
])('artifacts in %s', (_engine, open) => {
  let tables: TableEngine;
  let of: ReturnType<typeof createArtifacts>;
  beforeAll(async () => {
    clock = new Date('2026-11-20T10:00:00Z');
    tables = await open();
  });
  afterAll(() => tables.close());
  beforeEach(() => {
    clock = new Date('2026-11-20T10:00:00Z');
    revoked = [];
    of = createArtifacts({
      tables,
      now,
      sealer: createSealer(new Uint8Array(32)),
      successorOf: (token) => `${token}+`,
      revoke: async (grantId) => void revoked.push(grantId),
      config: { REFRESH_GRACE_SECONDS: 10 },
    });
  });
  const later = (seconds: number) => {
    clock = new Date(clock.getTime() + seconds * 1000);
  };
  const outcomes = async (attempts: readonly Promise<unknown>[]) =>
    (await Promise.allSettled(attempts)).map(({ status }) => status === 'fulfilled').sort();

  it('keeps what it is given, less undefined members, until its time is up', async () => {
    const payload: AdapterPayload = { jti: 'code-1', kind: 'AuthorizationCode', accountId: 'ana', nonce: undefined };
    await of('AuthorizationCode').upsert('code-1', payload, 60);
    expect(await of('AuthorizationCode').find('code-1')).toEqual({
      jti: 'code-1',
      kind: 'AuthorizationCode',
      accountId: 'ana',
    });
    expect(await of('RefreshToken').find('code-1')).toBeUndefined();
    later(60);
    expect(await of('AuthorizationCode').find('code-1')).toBeUndefined();
  });

  it('keeps clients for a day until somebody uses them, their secrets sealed', async () => {
    await of('Client').upsert('c', { client_id: 'c', client_secret: 'hunter2' } as AdapterPayload, 60);
    const used = createRegistrationUse({ tables, now });
    later(86_000);
    await used('c');
    later(100 * 86_400);
    await used('c');
    await used('https://a.example/document');
    later(179 * 86_400);
    expect(await of('Client').find('c')).toEqual({ client_id: 'c', client_secret: 'hunter2' });
    expect(JSON.stringify(await tables.get('oauth-artifacts', { artifactId: 'Client/c' }))).not.toContain('hunter2');
    later(86_400);
    expect(await of('Client').find('c')).toBeUndefined();
    await of('Client').upsert('d', { client_id: 'd' } as AdapterPayload);
    later(86_400);
    expect(await of('Client').find('d')).toBeUndefined();
  });

  it('lets one of several consume a code, and says so to the others', async () => {
    const codes = of('AuthorizationCode');
    await codes.upsert('code-2', { jti: 'code-2' }, 60);
    expect(await outcomes([1, 2, 3, 4].map(() => codes.consume('code-2')))).toEqual([false, false, false, true]);
    expect(await codes.find('code-2')).toMatchObject({ consumed: clock.getTime() / 1000 });
    await tables.insert('oauth-sessions', {
      sessionId: 'grant-2',
      userId: 'ana',
      clientId: 'c',
      accessTokenHash: '',
      scopes: [],
      createdAt: clock.toISOString(),
      expiresAt: clock.toISOString(),
      expirationTime: clock.getTime() / 1000 + 60,
    });
    await codes.upsert('code-4', { jti: 'code-4', grantId: 'grant-2' }, 60);
    await codes.consume('code-4');
    // Its redemption is under way: sent twice at once, it is refused and is no theft.
    expect(await codes.find('code-4')).not.toHaveProperty('consumed');
    await expect(codes.consume('code-4')).rejects.toThrow('invalid_grant');
    await expect(codes.consume('never-there')).rejects.toThrow('invalid_grant');
  });

  it('lets a crowd use a refresh token for ten seconds, which do not begin anew', async () => {
    const tokens = of('RefreshToken');
    await tokens.upsert('rt', { jti: 'rt' }, 600);
    const crowd = Array.from({ length: 50 }, () => tokens.consume('rt'));
    expect(new Set(await outcomes(crowd))).toEqual(new Set([true]));
    later(10);
    expect(await tokens.find('rt')).not.toHaveProperty('consumed');
    await tokens.consume('rt');
    later(1);
    expect(await tokens.find('rt')).toHaveProperty('consumed');
    await expect(tokens.consume('rt')).rejects.toThrow('invalid_grant');
  });

  it('is over with a refresh token once its successor was used', async () => {
    const tokens = of('RefreshToken');
    await tokens.upsert('one', { jti: 'one' }, 600);
    await tokens.consume('one');
    await tokens.upsert('one+', { jti: 'one+' }, 600);
    expect(await tokens.find('one')).not.toHaveProperty('consumed');
    await tokens.consume('one+');
    // Handing out the successor again does not make it unused.
    await tokens.upsert('one+', { jti: 'one+' }, 600);
    expect(await tokens.find('one')).toHaveProperty('consumed');
    await expect(tokens.consume('one')).rejects.toThrow('invalid_grant');
  });

  it('finds a session by its uid, without telling its id', async () => {
    const sessions = of('Session');
    await sessions.upsert('cookie-value', { jti: 'cookie-value', uid: 'u-1', accountId: 'ana' }, 600);
    const found = await sessions.findByUid('u-1');
    expect(found).toMatchObject({ uid: 'u-1', accountId: 'ana' });
    expect(JSON.stringify(found)).not.toContain('cookie-value');
    await sessions.destroy('cookie-value');
    expect(await sessions.findByUid('u-1')).toBeUndefined();
  });

  it('gives an interaction its way back, which the store does not know', async () => {
    const returnTo = 'https://a.example/oauth/auth/uid-7';
    const session = { accountId: 'ana', uid: 'u', cookie: 'session-id' };
    await of('Interaction').upsert('uid-7', { jti: 'uid-7', returnTo, session } as AdapterPayload, 600);
    expect(await of('Interaction').find('uid-7')).toEqual({
      jti: 'uid-7',
      returnTo,
      session: { accountId: 'ana', uid: 'u' },
    });
  });

  it('removes all of a grant, of one kind at a time, and tells that it ended', async () => {
    const [codes, tokens] = [of('AuthorizationCode'), of('RefreshToken')];
    await codes.upsert('code-3', { jti: 'code-3', grantId: 'g' }, 60);
    for (const id of ['a', 'b']) await tokens.upsert(id, { jti: id, grantId: 'g' }, 60);
    await tokens.upsert('other', { jti: 'other', grantId: 'g-2' }, 60);
    await tokens.revokeByGrantId('g');
    expect(await Promise.all(['a', 'b', 'other'].map((id) => tokens.find(id)))).toEqual([
      undefined,
      undefined,
      expect.objectContaining({ jti: 'other' }),
    ]);
    expect(await codes.find('code-3')).toBeDefined();
    expect(revoked).toEqual(['g']);
  });
});

import { generateKeyPair, SignJWT } from 'jose';
import { packNames } from '../../../contracts/packs/index.ts';
import type { Elevation } from './elevations.ts';
import { TokenClaims } from './token-claims.ts';
import { createTokenVerifier, type TokenVerifier } from './verify.ts';

const RESOURCE = 'https://a.example/mcp';
const pair = await generateKeyPair('ES256');
let clock: number;
let looks: number;
let active: boolean;
let elevation: Elevation | undefined;
let freshUntil: number;
let verifier: TokenVerifier;
beforeEach(() => {
  clock = 1_800_000_000;
  looks = 0;
  active = true;
  elevation = undefined;
  freshUntil = clock + 900;
  verifier = createTokenVerifier({
    config: { TOOL_PACKS: packNames, RESOURCES: [RESOURCE] },
    now: () => new Date(clock * 1000),
    elevations: { find: async () => elevation },
    source: {
      key: () => pair.publicKey,
      accept: { issuer: 'https://a.example', algorithms: ['ES256'] },
      tokenType: 'at+jwt',
      claimsOf: (payload) => TokenClaims.parse(payload),
      freshUntil: () => freshUntil,
      personOf: async ({ sub }) => ({ personId: sub, name: sub, email: '', roles: ['analyst'] }),
      async isActive() {
        looks++;
        return active;
      },
    },
  });
});
const bearer = async (scope = 'tag:read', seconds = 3600) => {
  const claims = {
    iss: 'https://a.example',
    aud: RESOURCE,
    sub: 'ana',
    client_id: 'c',
    gid: 'g',
    auth_time: clock,
    scope,
  };
  const jwt = new SignJWT({ ...claims, iat: clock, exp: clock + seconds }).setProtectedHeader({
    alg: 'ES256',
    typ: 'at+jwt',
  });
  return `Bearer ${await jwt.sign(pair.privateKey)}`;
};

describe('a verified token', () => {
  it('is looked up once in five seconds, however often and however many at once', async () => {
    const header = await bearer();
    const callers = await Promise.all([1, 2, 3, 4].map(() => verifier.verify(header)));
    expect(new Set(callers).size).toBe(1);
    expect(looks).toBe(1);
    clock += 4;
    await verifier.verify(header);
    expect(looks).toBe(1);
    clock += 1;
    await verifier.verify(header);
    expect(looks).toBe(2);
  });

  it('is refused five seconds after its grant ended, and at once when asked afresh', async () => {
    const header = await bearer();
    const caller = await verifier.verify(header);
    active = false;
    await expect(verifier.verify(header)).resolves.toBe(caller);
    await expect(verifier.current(caller)).rejects.toMatchObject({ reason: 'revoked' });
    await expect(verifier.verify(header)).rejects.toMatchObject({ reason: 'revoked' });
    active = true;
    await expect(verifier.verify(header)).resolves.toMatchObject({ personId: 'ana' });
  });

  it('is not remembered past its expiry', async () => {
    const header = await bearer('tag:read', 3);
    await verifier.verify(header);
    clock += 3;
    await expect(verifier.verify(header)).rejects.toMatchObject({ reason: 'expired' });
  });

  it('has raised scopes from the moment they are asked for afresh until they end, cut to the roles', async () => {
    const header = await bearer();
    const before = await verifier.verify(header);
    elevation = { scopes: ['tag:write', 'tag:approve'], until: clock + 2 };
    expect([...(await verifier.verify(header)).scopes]).toEqual(['tag:read', 'operations:read']);
    expect([...(await verifier.current(before)).scopes].sort()).toEqual([
      'operations:read',
      'operations:write',
      'tag:read',
      'tag:write',
    ]);
    expect([...(await verifier.verify(header)).scopes].sort()).toEqual([
      'operations:read',
      'operations:write',
      'tag:read',
      'tag:write',
    ]);
    clock += 2;
    elevation = undefined;
    expect([...(await verifier.verify(header)).scopes]).toEqual(['tag:read', 'operations:read']);
  });

  it('has its elevated scopes until its sign-in is too old for them, and not a moment longer', async () => {
    const header = await bearer('tag:read tag:write');
    freshUntil = clock + 2;
    expect([...(await verifier.verify(header)).scopes].sort()).toEqual([
      'operations:read',
      'operations:write',
      'tag:read',
      'tag:write',
    ]);
    clock += 2;
    expect([...(await verifier.verify(header)).scopes]).toEqual(['tag:read', 'operations:read']);
    elevation = { scopes: ['tag:write'], until: clock + 60 };
    clock += 5;
    expect([...(await verifier.verify(header)).scopes].sort()).toEqual([
      'operations:read',
      'operations:write',
      'tag:read',
      'tag:write',
    ]);
  });

  it('still reads when its only scope is an elevated one of too old a sign-in', async () => {
    freshUntil = 0;
    expect([...(await verifier.verify(await bearer('tag:write'))).scopes]).toEqual(['tag:read', 'operations:read']);
  });

  it('is told afresh to its own verifier only', async () => {
    const caller = await verifier.verify(await bearer());
    await expect(verifier.current({ ...caller })).rejects.toThrow('not made by this verifier');
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Basic abc', 'Bearer a b', 'Bearer a,b', 'bearer'])(
    'is missing or malformed in %j',
    async (header) => {
      const reason = header === undefined || header === '' ? 'missing' : 'malformed';
      await expect(verifier.verify(header)).rejects.toMatchObject({ reason });
    },
  );
});

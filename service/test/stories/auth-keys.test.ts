/** Signing keys and sessions across rotations, restarts and tasks that start at once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { openEmbedded } from '../../src/stores/postgres/embedded.ts';
import { type AuthRig, startAuth, testNow } from '../rigs/auth.ts';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient, redirectUri, whoami } from '../rigs/oauth-client.ts';
import { putNewDatabase } from '../servers/new-database.ts';

const rigs: AuthRig[] = [];
const started = async (rig: Promise<AuthRig>): Promise<AuthRig> => {
  rigs.push(await rig);
  return rig;
};
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

const day = 86_400;
const kid = (token: string) => decodeProtectedHeader(token).kid;

describe('rotation', () => {
  it('lets a new key sign, and tokens of the old one hold until they expire', async () => {
    const rig = await started(startAuth({ environment: { KEY_ROTATION_DAYS: '1' } }));
    const issuer = rig.config.PUBLIC_URL;
    const client = await OAuthClient.registered(issuer);
    rig.advance(day - 60);
    const before = await client.connect(new Browser(), 'ana');
    rig.advance(120);
    const after = await client.connect(new Browser(), 'ana');
    expect(kid(after.access_token)).not.toBe(kid(before.access_token));
    for (const { access_token } of [before, after]) expect((await whoami(issuer, access_token)).status).toBe(200);
    const { keys } = (await (await fetch(`${issuer}/oauth/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map((key) => key.kid)).toEqual([kid(after.access_token), kid(before.access_token)]);
    expect((await client.refresh(before.refresh_token)).status).toBe(200);
  });

  it('drops a key once no token of it can be valid', async () => {
    const rig = await started(startAuth({ environment: { KEY_ROTATION_DAYS: '1' } }));
    const client = await OAuthClient.registered(rig.config.PUBLIC_URL);
    // An app that is not used within a day would be forgotten.
    await client.connect(new Browser(), 'ana');
    rig.advance(2 * day - 3600);
    await client.connect(new Browser(), 'ana');
    rig.advance(2 * 3600 + 120);
    const { access_token } = await client.connect(new Browser(), 'ana');
    const { keys } = (await (await fetch(`${rig.config.PUBLIC_URL}/oauth/jwks`)).json()) as { keys: { kid: string }[] };
    expect(keys.map((key) => key.kid)).toEqual([kid(access_token)]);
  });

  it('of one task is known to another when its first token arrives', async () => {
    const one = await started(startAuth({ environment: { KEY_ROTATION_DAYS: '1' } }));
    const other = await started(one.another());
    one.advance(day - 10);
    await other.auth.server?.provider();
    one.advance(20);
    const client = await OAuthClient.registered(one.config.PUBLIC_URL);
    // The other task read the keys twenty seconds ago, before this one was made.
    const { access_token } = await client.connect(new Browser(), 'ana');
    const caller = await other.auth.verifier.verify(`Bearer ${access_token}`);
    expect(caller.personId).toBe('ana');
  });

  it('of one task is known to another that read the keys a second before it was made', async () => {
    const one = await started(startAuth({ environment: { KEY_ROTATION_DAYS: '1' } }));
    const other = await started(one.another());
    one.advance(day - 90);
    const client = await OAuthClient.registered(one.config.PUBLIC_URL);
    one.advance(89);
    await other.auth.server?.provider();
    one.advance(2);
    const { access_token } = await client.connect(new Browser(), 'ana');
    expect((await other.auth.verifier.verify(`Bearer ${access_token}`)).personId).toBe('ana');
    expect((await one.tables.scan('signing-keys')).items).toHaveLength(2);
  });

  it('is not read for anew whenever a token names a key that nobody has', async () => {
    const one = await started(startAuth());
    const { access_token } = await (await OAuthClient.registered(one.config.PUBLIC_URL)).connect(new Browser(), 'ana');
    let reads = 0;
    const { query } = one.tables;
    one.tables.query = (table, ...rest) => {
      if (table === 'signing-keys') reads += 1;
      return query(table, ...rest);
    };
    const [, payload, signature] = access_token.split('.');
    for (let n = 0; n < 5; n += 1) {
      const header = { alg: 'ES256', typ: 'at+jwt', kid: `key-${n}` };
      const forged = [Buffer.from(JSON.stringify(header)).toString('base64url'), payload, signature].join('.');
      await expect(one.auth.verifier.verify(`Bearer ${forged}`)).rejects.toThrow('not signed by a known key');
    }
    expect(reads).toBeLessThan(2);
  });
});

describe('two tasks that start at once', () => {
  it('sign with one key', async () => {
    const tables = openMemoryTables({ now: testNow });
    const [one, two] = await Promise.all([started(startAuth({ tables })), started(startAuth({ tables }))]);
    const keysOf = async (rig: AuthRig) => (await fetch(`${rig.config.PUBLIC_URL}/oauth/jwks`)).json();
    expect(await keysOf(one)).toEqual(await keysOf(two));
    expect((await tables.scan('signing-keys')).items).toHaveLength(1);
  });
});

describe('a key in the store', () => {
  it('is not there in clear, and with another encryption key verifies but does not sign', async () => {
    const tables = openMemoryTables({ now: testNow });
    const one = await started(startAuth({ tables }));
    const client = await OAuthClient.registered(one.config.PUBLIC_URL);
    const { access_token } = await client.connect(new Browser(), 'ana');
    const [row] = (await tables.scan('signing-keys')).items;
    expect(row?.encryptedPrivateJwk).not.toContain('"d"');
    expect(JSON.stringify(row?.publicJwk)).not.toContain('"d"');
    const two = await started(
      startAuth({ tables, publicUrl: one.config.PUBLIC_URL, encryptionKey: 'another key of more than 32 characters!' }),
    );
    expect((await two.auth.verifier.verify(`Bearer ${access_token}`)).personId).toBe('ana');
    expect((await tables.scan('signing-keys')).items).toHaveLength(2);
  });
});

describe('a restart', () => {
  it('loses nothing: tokens, refresh tokens, clients, sign-ins, revocations and raised scopes', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'countersign-auth-'));
    await putNewDatabase(dataDir);
    const open = () => openEmbedded({ dataDir, now: testNow });
    const tables = await open();
    const before = await startAuth({ tables });
    const issuer = before.config.PUBLIC_URL;
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const tokens = await client.connect(browser, 'ana');
    const revoked = await client.connect(new Browser(), 'ben');
    await client.revoke(revoked.access_token);
    await before.auth.elevations.raise('ana', client.clientId, ['tag:write']);
    const asked = await client.toConsent(browser, 'ana');
    await before.stop();
    await tables.close();

    const reopened = await open();
    const after = await startAuth({ tables: reopened, port: Number(new URL(issuer).port) });
    expect((await whoami(issuer, tokens.access_token, 'tag:write')).status).toBe(200);
    expect((await whoami(issuer, revoked.access_token)).status).toBe(401);
    const back = await browser.submit(asked, { decision: 'allow', scope: 'tag:read' }, redirectUri);
    expect((await client.redeem(back.url.searchParams.get('code') ?? '')).status).toBe(200);
    const { json } = await client.refresh(tokens.refresh_token);
    expect(decodeJwt(String(json.access_token)).sub).toBe('ana');
    expect((await after.audited('ana')).length).toBeGreaterThan(3);
    await after.stop();
    await reopened.close();
    await rm(dataDir, { recursive: true });
  });
});

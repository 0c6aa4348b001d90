/** While the store is away nothing is issued, and what cannot be checked is not let through. */
import { CountersignError } from '../../src/errors.ts';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient, whoami } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
beforeEach(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
});
afterEach(() => rig.stop());

const takeAway = (): void => {
  const away = async () => {
    throw new CountersignError('store_unavailable', 'The store does not answer');
  };
  Object.assign(rig.tables, { get: away, put: away, insert: away, remove: away, query: away, transact: away });
};

describe('while the store is away', () => {
  it('a token is good for the five seconds it was looked up for, then nobody is let through', async () => {
    const client = await OAuthClient.registered(issuer);
    const { access_token } = await client.connect(new Browser(), 'ana');
    expect((await whoami(issuer, access_token)).status).toBe(200);
    takeAway();
    expect((await whoami(issuer, access_token)).status).toBe(200);
    rig.advance(5);
    const { status, json } = await whoami(issuer, access_token);
    expect([status, json]).toEqual([503, { error: expect.objectContaining({ code: 'store_unavailable' }) }]);
  });

  it('codes, refreshes, registrations and sign-ins are answered 503 and hand out nothing', async () => {
    const client = await OAuthClient.registered(issuer);
    const browser = new Browser();
    const tokens = await client.connect(browser, 'ana');
    const code = await client.code(browser, 'ana');
    const signIn = await new Browser().open(`${issuer}/sign-in`);
    takeAway();
    for (const answer of [
      await client.redeem(code),
      await client.refresh(tokens.refresh_token),
      await OAuthClient.register(issuer),
      await client.revoke(tokens.access_token),
    ]) {
      expect(answer.status).toBe(503);
      expect(JSON.stringify(answer.json)).not.toMatch(/access_token|client_id/);
    }
    expect((await new Browser().submit(signIn, { person: 'ana' })).status).toBeGreaterThanOrEqual(400);
  });

  it('a token whose issue cannot be audited is not handed out', async () => {
    const client = await OAuthClient.registered(issuer);
    const code = await client.code(new Browser(), 'ana');
    const { transact } = rig.tables;
    rig.tables.transact = async () => {
      throw new CountersignError('store_unavailable', 'The store does not answer');
    };
    const { status, json } = await client.redeem(code);
    expect([status, json.error]).toEqual([503, 'temporarily_unavailable']);
    rig.tables.transact = transact;
  });
});

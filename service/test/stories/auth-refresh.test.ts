/** Who may refresh: a crowd with one token, whoever lost an answer, and no thief. */
import { auth } from '@modelcontextprotocol/client';
import { auth as authFirst } from '@modelcontextprotocol/sdk/client/auth.js';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser } from '../rigs/browser.ts';
import { Host } from '../rigs/host.ts';
import { type Answer, OAuthClient, Tokens, whoami } from '../rigs/oauth-client.ts';
import { Person } from '../rigs/person.ts';

let rig: AuthRig;
let issuer: string;
beforeEach(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
});
afterEach(() => rig.stop());

const connect = async (environment?: Readonly<Record<string, string>>) => {
  if (environment) {
    await rig.stop();
    rig = await startAuth({ environment });
    issuer = rig.config.PUBLIC_URL;
  }
  const client = await OAuthClient.registered(issuer);
  return { client, tokens: await client.connect(new Browser(), 'ana') };
};
const parse = ({ json }: Answer): Tokens => Tokens.parse(json);
const errorOf = ({ status, json }: Answer) => [status, json.error];
const isRevoked = async (token: string): Promise<boolean> => {
  rig.advance(5);
  return (await whoami(issuer, token)).status === 401;
};
const refused = [400, 'invalid_grant'];

describe('a crowd that refreshes with one token', () => {
  it.each([5, 50])('of %d gets one successor, and nobody is signed out', async (many) => {
    const { client, tokens } = await connect();
    const answers = await Promise.all(Array.from({ length: many }, () => client.refresh(tokens.refresh_token)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const successors = new Set(answers.map((answer) => parse(answer).refresh_token));
    expect(successors.size).toBe(1);
    expect(successors).not.toContain(tokens.refresh_token);
    for (const answer of answers.slice(0, 5)) expect(await isRevoked(parse(answer).access_token)).toBe(false);
    expect((await client.refresh([...successors][0])).status).toBe(200);
  });

  it('gets the same successor from every task', async () => {
    const { tokens, client } = await connect();
    const other = await rig.another();
    const elsewhere = `http://localhost:${other.port}`;
    const there = async (): Promise<string | undefined> => {
      const body = new URLSearchParams({
        client_id: client.clientId,
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token ?? '',
      });
      const response = await fetch(`${elsewhere}/oauth/token`, { method: 'POST', body });
      return Tokens.parse(await response.json()).refresh_token;
    };
    const here = async () => parse(await client.refresh(tokens.refresh_token)).refresh_token;
    const successors = await Promise.all([here(), there(), here(), there(), here()]);
    expect(new Set(successors).size).toBe(1);
    await other.stop();
  });

  it('may come in turn, until ten seconds after the first', async () => {
    const { client, tokens } = await connect();
    const first = parse(await client.refresh(tokens.refresh_token));
    // The real clock runs on beneath the one that is turned: two seconds are left for a slow machine.
    for (const seconds of [1, 4, 3]) {
      rig.advance(seconds);
      expect(parse(await client.refresh(tokens.refresh_token)).refresh_token).toBe(first.refresh_token);
    }
    rig.advance(3);
    expect(errorOf(await client.refresh(tokens.refresh_token))).toEqual(refused);
    expect(await isRevoked(first.access_token)).toBe(true);
    expect(errorOf(await client.refresh(first.refresh_token))).toEqual(refused);
    expect(await rig.audited('ana')).toContainEqual(
      expect.objectContaining({ tool: 'token', action: 'delete', ipAddress: expect.any(String) }),
    );
  });

  it('has no grace where the setting says so', async () => {
    const { client, tokens } = await connect({ REFRESH_GRACE_SECONDS: '0' });
    const first = parse(await client.refresh(tokens.refresh_token));
    expect(errorOf(await client.refresh(tokens.refresh_token))).toEqual(refused);
    expect(await isRevoked(first.access_token)).toBe(true);
  });
});

describe('a thief', () => {
  it('inside the grace gets the same successor as its owner, so whoever uses it second ends both', async () => {
    const { client, tokens } = await connect();
    const owner = parse(await client.refresh(tokens.refresh_token));
    const thief = parse(await client.refresh(tokens.refresh_token));
    expect(thief.refresh_token).toBe(owner.refresh_token);
    const chained = parse(await client.refresh(thief.refresh_token));
    rig.advance(11);
    expect(errorOf(await client.refresh(owner.refresh_token))).toEqual(refused);
    expect(errorOf(await client.refresh(chained.refresh_token))).toEqual(refused);
    expect(await isRevoked(chained.access_token)).toBe(true);
  });

  it('with an ancestor of a token that was used is found out at once', async () => {
    const { client, tokens } = await connect();
    const second = parse(await client.refresh(tokens.refresh_token));
    const third = parse(await client.refresh(second.refresh_token));
    expect(errorOf(await client.refresh(tokens.refresh_token))).toEqual(refused);
    expect(await isRevoked(third.access_token)).toBe(true);
    expect(errorOf(await client.refresh(third.refresh_token))).toEqual(refused);
  });

  it('of another client ends nothing', async () => {
    const { client, tokens } = await connect();
    const other = await OAuthClient.registered(issuer);
    expect(errorOf(await other.refresh(tokens.refresh_token))).toEqual(refused);
    expect((await client.refresh(tokens.refresh_token)).status).toBe(200);
  });
});

describe('five windows of one host that refresh at once', () => {
  it.each([
    ['the first SDK', authFirst],
    ['the second SDK', auth],
  ])('with %s stay signed in, and again', async (_which, authorize) => {
    const host = new Host(new Person('vera'));
    const serverUrl = `${issuer}/mcp`;
    expect(await authorize(host, { serverUrl })).toBe('REDIRECT');
    const answer = host.answer();
    const redeem = { serverUrl, authorizationCode: answer.get('code') ?? '', iss: answer.get('iss') ?? '' };
    expect(await authorize(host, redeem)).toBe('AUTHORIZED');
    for (const _time of [1, 2]) {
      const windows = await Promise.all(Array.from({ length: 5 }, () => authorize(host, { serverUrl })));
      expect(new Set(windows)).toEqual(new Set(['AUTHORIZED']));
      expect((await whoami(issuer, host.tokens()?.access_token)).status).toBe(200);
    }
    expect(host.asked).toHaveLength(1);
  });
});

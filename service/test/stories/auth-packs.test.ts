/** What is offered follows the packs of TOOL_PACKS, and what was granted of a pack that is off since gives nothing. */
import '../rigs/letters/contract.ts';
import { isRole, isScope, type Role, type Scope } from '../../../contracts/scopes.ts';
import { demoPeople } from '../../src/auth/people.ts';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { Browser } from '../rigs/browser.ts';
import { OAuthClient, Tokens, whoami } from '../rigs/oauth-client.ts';
import { offeredOn } from '../rigs/person.ts';

const rigs: AuthRig[] = [];
const start = async (packs: string, before?: AuthRig): Promise<AuthRig> => {
  const rig = await startAuth({
    environment: { TOOL_PACKS: packs },
    ...(before && { tables: before.tables, publicUrl: before.config.PUBLIC_URL }),
  });
  rigs.push(rig);
  return rig;
};
afterEach(async () => {
  await Promise.all(rigs.splice(0).map((rig) => rig.stop()));
});

const ofTagging = ['tag:read', 'tag:write', 'tag:approve'];
const ofLetters = ['letters:read', 'letters:write', 'letters:approve'];

describe.each([
  ['tagging', ['tag:read'], ofTagging],
  ['letters', ['letters:read'], ofLetters],
  ['tagging,letters', ['tag:read', 'letters:read'], [...ofTagging, ...ofLetters]],
])('with TOOL_PACKS=%s', (packs, reads, all) => {
  let rig: AuthRig;
  let issuer: string;
  beforeEach(async () => {
    rig = await start(packs);
    issuer = rig.config.PUBLIC_URL;
  });
  const get = async (path: string) => (await (await fetch(issuer + path)).json()) as Record<string, unknown>;

  it('the resource names the reading scopes, the authorization server every scope, and neither an implied one', async () => {
    expect((await get('/.well-known/oauth-protected-resource/mcp')).scopes_supported).toEqual(reads);
    expect((await get('/.well-known/oauth-authorization-server')).scopes_supported).toEqual([
      'openid',
      'offline_access',
      ...all,
      'admin',
    ]);
  });

  it('the first challenge and a client that asks for nothing get the reading scopes', async () => {
    const response = await fetch(`${issuer}/whoami`);
    expect(response.headers.get('www-authenticate')).toContain(`scope="${reads.join(' ')}"`);
    const client = await OAuthClient.registered(issuer);
    expect(offeredOn(await client.toConsent(new Browser(), 'ana', { scope: undefined }))).toEqual(reads);
  });

  it('consent offers what the packs have of what was asked for, and the token holds no implied scope', async () => {
    const client = await OAuthClient.registered(issuer);
    const asked = [...ofTagging, ...ofLetters, 'operations:read', 'operations:write', 'claudeai'].join(' ');
    const mine = all.filter((name) => !name.endsWith(':approve'));
    const consent = await client.toConsent(new Browser(), 'ana', { scope: asked });
    expect(offeredOn(consent)).toEqual(mine);
    const tokens = await client.connect(new Browser(), 'ana', asked);
    expect(tokens.scope?.split(' ').toSorted()).toEqual(mine.toSorted());
    const { scopes } = await rig.auth.verifier.verify(`Bearer ${tokens.access_token}`);
    expect([...scopes].toSorted()).toEqual([...mine, 'operations:read', 'operations:write'].toSorted());
  });
});

describe('a pack that was switched off', () => {
  const everything = [...ofTagging, ...ofLetters].filter((name) => !name.endsWith(':approve')).join(' ');
  const connected = async () => {
    const both = await start('tagging,letters');
    const client = await OAuthClient.registered(both.config.PUBLIC_URL);
    return { both, client, tokens: await client.connect(new Browser(), 'ana', everything) };
  };

  it('its scopes in a token, an elevation and a role give nothing, and the rest goes on', async () => {
    const { both, client, tokens } = await connected();
    await both.auth.elevations.raise('ana', client.clientId, ['tag:write', ...['letters:write'].filter(isScope)]);
    const one = await start('tagging', both);
    const caller = await one.auth.verifier.verify(`Bearer ${tokens.access_token}`);
    expect([...caller.scopes].toSorted()).toEqual(['operations:read', 'operations:write', 'tag:read', 'tag:write']);
    const { apps = [] } = (await one.auth.apps?.of('ana')) ?? {};
    const shown = apps.flatMap(({ scopes, elevated }): Scope[] => [
      ...scopes,
      ...elevated.flatMap((some) => some.scopes),
    ]);
    expect([...new Set(shown)]).toEqual(['tag:read', 'tag:write']);
  });

  it('a grant with nothing else gives a caller without scopes, and the challenge names what there is now', async () => {
    const both = await start('tagging,letters');
    const client = await OAuthClient.registered(both.config.PUBLIC_URL);
    const { access_token } = await client.connect(new Browser(), 'ana', 'letters:write letters:read');
    const one = await start('tagging', both);
    const here = `http://localhost:${one.port}`;
    expect((await whoami(here, access_token)).json.scopes).toEqual([]);
    const { status, headers } = await whoami(here, access_token, 'tag:write');
    expect([status, headers.get('www-authenticate')]).toEqual([403, expect.stringContaining('scope="tag:write"')]);
  });

  it('a refresh gives a token of what is left', async () => {
    const { both, client, tokens } = await connected();
    const one = await start('tagging', both);
    const there = new OAuthClient(`http://localhost:${one.port}`, client.clientId);
    const { status, json } = await there.refresh(tokens.refresh_token);
    expect(status).toBe(200);
    expect(Tokens.parse(json).scope?.split(' ').toSorted()).toEqual(['tag:read', 'tag:write']);
  });

  it('the step-up page raises nothing of it', async () => {
    const { both, client } = await connected();
    const one = await start('tagging', both);
    const at = (scope: string) =>
      fetch(`http://localhost:${one.port}/step-up?${new URLSearchParams({ client_id: client.clientId, scope })}`, {
        redirect: 'manual',
      });
    expect((await at('letters:write')).status).toBe(400);
    expect((await at('operations:write')).status).toBe(400);
    expect((await at('tag:write letters:write')).headers.get('location')).not.toContain('letters');
  });
});

it('roles of one pack are known, and give what the pack gives', () => {
  expect(['letters:viewer', 'tagging:approver', 'tagging:admin'].filter(isRole)).toHaveLength(3);
  expect(['letters:pilot', 'parcels:viewer', 'toString'].filter(isRole)).toEqual<Role[]>([]);
  expect(demoPeople.flatMap(({ roles }) => roles).every(isRole)).toBe(true);
});

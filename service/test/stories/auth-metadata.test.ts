/** What clients find out before they sign anybody in, and what nobody can make them believe. */
import { request } from 'node:http';
import { type AuthRig, startAuth } from '../rigs/auth.ts';
import { OAuthClient } from '../rigs/oauth-client.ts';

let rig: AuthRig;
let issuer: string;
beforeAll(async () => {
  rig = await startAuth();
  issuer = rig.config.PUBLIC_URL;
});
afterAll(() => rig.stop());

const get = async (path: string) => (await (await fetch(issuer + path)).json()) as Record<string, unknown>;

/** Over node:http, for fetch does not let a Host be chosen. */
const getAs = (path: string, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(issuer);
    request({ hostname, port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve(body + JSON.stringify(response.headers)));
    })
      .on('error', reject)
      .end();
  });

describe('resource metadata', () => {
  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])(
    'at %s names the resource, its issuer and reading scopes only',
    async (path) => {
      expect(await get(path)).toEqual({
        resource: `${issuer}/mcp`,
        authorization_servers: [issuer],
        scopes_supported: ['tag:read'],
        bearer_methods_supported: ['header'],
        resource_name: 'Countersign',
      });
    },
  );
});

describe('authorization server metadata', () => {
  it.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
    'at %s says what is supported',
    async (path) => {
      expect(await get(path)).toMatchObject({
        issuer,
        authorization_endpoint: `${issuer}/oauth/auth`,
        token_endpoint: `${issuer}/oauth/token`,
        registration_endpoint: `${issuer}/oauth/register`,
        revocation_endpoint: `${issuer}/oauth/revoke`,
        jwks_uri: `${issuer}/oauth/jwks`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
        scopes_supported: ['openid', 'offline_access', 'tag:read', 'tag:write', 'tag:approve', 'admin'],
        authorization_response_iss_parameter_supported: true,
        client_id_metadata_document_supported: true,
      });
    },
  );

  it('names no endpoint that is switched off', async () => {
    const metadata = await get('/.well-known/openid-configuration');
    for (const name of [
      'userinfo_endpoint',
      'end_session_endpoint',
      'introspection_endpoint',
      'device_authorization_endpoint',
    ])
      expect(metadata).not.toHaveProperty(name);
  });

  it.each([
    ['Host', { host: 'evil.example' }],
    ['X-Forwarded-Host', { host: 'localhost', 'x-forwarded-host': 'evil.example' }],
    ['X-Forwarded-Proto', { host: 'localhost', 'x-forwarded-proto': 'ftp' }],
    ['Forwarded', { host: 'localhost', forwarded: 'host=evil.example;proto=ftp' }],
  ])('is the same whatever %s says, and so are redirects', async (_name, headers) => {
    const metadata = await getAs('/.well-known/oauth-authorization-server', headers);
    expect(metadata).toContain(`"token_endpoint":"${issuer}/oauth/token"`);
    expect(metadata).not.toMatch(/evil|ftp:/);
    const client = await OAuthClient.registered(issuer);
    const url = new URL(client.authorizeUrl());
    expect(await getAs(url.pathname + url.search, headers)).not.toMatch(/evil|ftp:/);
  });

  it('sets cookies for https only where people come by https', async () => {
    const secure = await startAuth({ publicUrl: 'https://mcp.example.com' });
    try {
      const here = `http://localhost:${secure.port}`;
      const { json } = await OAuthClient.register(here);
      const url = new URL(new OAuthClient('https://mcp.example.com', String(json.client_id)).authorizeUrl());
      const answer = await fetch(here + url.pathname + url.search, { redirect: 'manual' });
      expect(answer.headers.get('location')).toMatch(/^\/interaction\//);
      const page = await fetch(`${here}/sign-in`);
      const cookies = [...answer.headers.getSetCookie(), ...page.headers.getSetCookie()];
      expect(cookies.length).toBeGreaterThan(3);
      for (const cookie of cookies) {
        expect(cookie).toMatch(/; secure/i);
        expect(cookie).toMatch(/; httponly/i);
        expect(cookie).toMatch(/; samesite=lax/i);
      }
      expect(page.headers.getSetCookie()[0]).toMatch(/^__Host-/);
    } finally {
      await secure.stop();
    }
  });

  it('hands out public keys only', async () => {
    const { keys } = (await get('/oauth/jwks')) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String) });
    expect(keys[0]).not.toHaveProperty('d');
  });
});

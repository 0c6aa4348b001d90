import { impliedScopes, type Role, type Scope } from '../../../contracts/scopes.ts';
import { AuthError } from './auth-error.ts';
import { insufficientScopeChallenge, unauthorizedChallenge } from './challenge.ts';

const config = { PUBLIC_URL: 'https://mcp.example.com', TOOL_PACKS: ['tagging'] };
const metadata = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"';
const caller = (granted: Scope[], roles: Role[]) => ({ clientId: 'agent', scopes: impliedScopes(granted), roles });

describe('unauthorizedChallenge', () => {
  it('names reading scopes and the metadata, and an error only where a token was sent', () => {
    const missing = unauthorizedChallenge(new AuthError('missing'), config);
    expect(missing.headers['www-authenticate']).toBe(`Bearer scope="tag:read", ${metadata}`);
    const expired = unauthorizedChallenge(new AuthError('expired'), config);
    expect(expired.headers['www-authenticate']).toMatch(
      /^Bearer error="invalid_token", error_description="[^"]+", scope="tag:read"/,
    );
    expect([missing.status, expired.status]).toEqual([401, 401]);
  });
});

describe('insufficientScopeChallenge', () => {
  it('names what is held and what is needed together, so that a client loses nothing by stepping up', () => {
    const { status, headers, body } = insufficientScopeChallenge(
      caller(['tag:approve'], ['admin']),
      ['tag:write'],
      config,
    );
    expect(status).toBe(403);
    expect(headers['www-authenticate']).toContain('scope="tag:read tag:write tag:approve"');
    expect(body).toMatchObject({
      error: 'insufficient_scope',
      granted_scopes: ['tag:read', 'tag:approve'],
      step_up_url: 'https://mcp.example.com/step-up?client_id=agent&scope=tag%3Awrite',
    });
  });

  it('cannot be broken out of by a client id', () => {
    const { headers, body } = insufficientScopeChallenge(
      { ...caller(['tag:read'], ['analyst']), clientId: 'https://a.example/"\r\nx: y?&scope=admin' },
      ['tag:write'],
      config,
    );
    expect(headers['www-authenticate']).not.toMatch(/[\r\n]|admin/);
    const url = new URL(String(body.step_up_url));
    expect(url.searchParams.getAll('scope')).toEqual(['tag:write']);
  });

  it('says that a token has the scope and no proof of a new sign-in', () => {
    const stale = { ...caller(['tag:read'], ['analyst']), unproven: ['tag:write' as const] };
    const { status, headers, body } = insufficientScopeChallenge(stale, ['tag:write'], config);
    expect([status, body.message]).toEqual([403, expect.stringContaining('does not prove one by its auth_time')]);
    expect(headers['www-authenticate']).toContain('scope="tag:read tag:write"');
  });

  it('has no challenge for what the person can never have', () => {
    const { status, headers, body } = insufficientScopeChallenge(
      caller(['tag:read'], ['viewer']),
      ['tag:write', 'tag:approve'],
      config,
    );
    expect([status, headers['www-authenticate'], body.error]).toEqual([403, undefined, 'access_denied']);
    expect(body.roles_that_allow_it).toEqual(['admin']);
    const partly = insufficientScopeChallenge(caller(['tag:read'], ['analyst']), ['tag:write', 'tag:approve'], config);
    expect([partly.body.error, partly.body.roles_that_allow_it]).toEqual(['access_denied', ['approver', 'admin']]);
  });

  it('tells who to ask when the roles do not allow it', () => {
    const { body } = insufficientScopeChallenge(caller(['tag:read'], ['viewer']), ['tag:write'], config);
    expect(body.message).toBe('Your roles (viewer) do not include tag:write. Ask an administrator, then sign in again');
  });
});

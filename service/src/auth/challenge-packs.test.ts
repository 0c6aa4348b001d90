/** Challenges where two packs are enabled. */
import '../../test/rigs/letters/contract.ts';
import { impliedScopes, isRole, type Scope } from '../../../contracts/scopes.ts';
import { insufficientScopeChallenge } from './challenge.ts';

const packs = ['tagging', 'letters'];
const config = { PUBLIC_URL: 'https://mcp.example.com', TOOL_PACKS: packs };
const caller = (granted: readonly string[], roles: readonly string[]) => ({
  clientId: 'agent',
  scopes: impliedScopes(granted, packs),
  roles: roles.filter(isRole),
});

it.each<[string, string[], string[], Scope[], string]>([
  ['reading anything', [], ['viewer'], ['operations:read'], 'tag:read letters:read'],
  ['reading, as far as roles allow', [], ['letters:viewer'], ['operations:read'], 'letters:read'],
  [
    'more of one pack beside what is held of another',
    ['letters:read'],
    ['analyst'],
    ['tag:write'],
    'letters:read tag:write',
  ],
])('a challenge for %s names scopes that people ask for', (_what, granted, roles, needed, scope) => {
  const { status, headers, body } = insufficientScopeChallenge(caller(granted, roles), needed, config);
  expect(status).toBe(403);
  expect(new Set(/scope="([^"]*)"/.exec(headers['www-authenticate'] ?? '')?.[1]?.split(' '))).toEqual(
    new Set(scope.split(' ')),
  );
  expect(JSON.stringify([headers, body])).not.toContain('operations:');
});

it('a refusal for lack of a role names no implied scope, and the roles of the one pack that would do', () => {
  const { headers, body } = insufficientScopeChallenge(
    caller(['letters:read'], ['letters:viewer']),
    ['tag:write'],
    config,
  );
  expect(headers).not.toHaveProperty('www-authenticate');
  expect(body.roles_that_allow_it).toEqual(['analyst', 'admin', 'tagging:analyst', 'tagging:admin']);
  const nobody = insufficientScopeChallenge(caller([], []), ['operations:read'], config);
  expect(nobody.body).toMatchObject({ error: 'access_denied', required_scope: 'tag:read letters:read' });
});

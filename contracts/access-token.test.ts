import { isAccessTokenType, isForUs, isOtherToken, scopesOfToken } from './access-token.ts';

const issuer = 'https://login.example.com';
const us = 'https://mcp.example.com/mcp';

describe('an audience', () => {
  it.each([
    us,
    [us],
    [us, us],
    [us, `${issuer}/userinfo`],
    [`${issuer}`, us],
    [`${issuer}/`, us],
    'https://mcp.example.com:443/mcp',
    'HTTPS://MCP.example.com/mcp',
    `${us}/`,
  ])('%j holds us', (aud) => {
    expect(isForUs(aud, us, issuer)).toBe(true);
    expect(isForUs(aud, us, `${issuer}/`)).toBe(true);
  });

  it.each([
    undefined,
    null,
    '',
    [],
    {},
    'https://mcp.example.com',
    'https://mcp.example.com/MCP',
    'https://mcp.example.com/mcp?x',
    'https://mcp.example.com.evil.example/mcp',
    `${issuer}/userinfo`,
    [us, 'https://other.example/mcp'],
    [us, `${issuer}.evil.example/userinfo`],
    [us, 'agent'],
    [us, 7],
    [[us]],
  ])('%j does not, or is for others too', (aud) => {
    expect(isForUs(aud, us, issuer)).toBe(false);
  });

  it('that is no address is compared as it is', () => {
    expect(isForUs('1a2b3c', '1a2b3c', issuer)).toBe(true);
    expect(isForUs('1A2B3C', '1a2b3c', issuer)).toBe(false);
  });
});

describe('the type of an access token', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/At+Jwt'])('may be spelt %s', (typ) => {
    expect(isAccessTokenType(typ, 'at+jwt')).toBe(true);
    expect(isAccessTokenType(typ, 'JWT')).toBe(true);
  });

  it.each([undefined, 'JWT', 'jwt', 'application/jwt'])('is not %j, unless the operator says so', (typ) => {
    expect(isAccessTokenType(typ, 'at+jwt')).toBe(false);
    expect(isAccessTokenType(typ, 'JWT')).toBe(true);
  });

  it.each(['', 'logout+jwt', 'oauth-id-jag+jwt', 'dpop+jwt', 'application/application/at+jwt', null, 7])(
    'is never %j',
    (typ) => {
      expect([isAccessTokenType(typ, 'at+jwt'), isAccessTokenType(typ, 'JWT')]).toEqual([false, false]);
    },
  );
});

it.each([
  [{ at_hash: 'x' }, true],
  [{ c_hash: 'x' }, true],
  [{ events: {} }, true],
  [{ token_use: 'id' }, true],
  [{ typ: 'ID' }, true],
  [{ typ: 'Refresh' }, true],
  [{ typ: 'Bearer' }, false],
  [{ token_use: 'access' }, false],
  [{}, false],
])('claims %j are those of another token: %s', (claims, other) => {
  expect(isOtherToken(claims)).toBe(other);
});

it.each([
  [{ scope: 'tag:read  tag:write' }, ['tag:read', 'tag:write']],
  [{ scope: ['tag:read', 'tag:write'] }, ['tag:read', 'tag:write']],
  [{ scp: ['tag:read'] }, ['tag:read']],
  [{ scp: 'tag:read tag:write' }, ['tag:read', 'tag:write']],
  [{ scope: '', scp: ['tag:read'] }, ['tag:read']],
  [{ scope: { 'tag:read': true }, scp: [7] }, []],
  [{}, []],
])('the scopes of %j are %j', (claims, expected) => {
  expect(scopesOfToken(claims)).toEqual(expected);
});

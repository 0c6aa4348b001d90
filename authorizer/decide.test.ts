import { createRemoteJWKSet, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { audience, issuer, openScene, request, type Scene } from './testing/scene.ts';

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
const denied = async (event: unknown, ...changes: Parameters<Scene['open']>) => {
  expect(await scene.open(...changes)(event)).toEqual({ isAuthorized: false });
  return scene.reasons.at(-1);
};

describe('a good token', () => {
  it('is allowed, and its caller told to the service', async () => {
    const token = await scene.token({
      email: 'ana@example.com',
      email_verified: true,
      'custom:agency': 'Zürich 100%',
      'custom:role': 'analyst',
    });
    const changes = { CLAIMS: 'agency=custom:agency,role=custom:role,employeeId=custom:employeeId' };
    expect(await scene.ask(bearer(token), changes)).toEqual({
      isAuthorized: true,
      context: { userId: 'ana@example.com', agency: 'Z%C3%BCrich%20100%25', role: 'analyst', employeeId: '-' },
    });
    expect(scene.reasons).toEqual([]);
  });

  it.each(['bearer', 'BEARER', 'Bearer '])('may come under the scheme %s', async (scheme) => {
    const event = request({ Authorization: `${scheme} ${await scene.token()}` });
    expect(await scene.ask(event)).toMatchObject({ isAuthorized: true });
  });

  it.each([
    ['whose audience is a list of us', { aud: [audience] }],
    ['that its issuer may read too', { aud: [audience, `${issuer}/userinfo`] }],
    ['of a moment ahead', { nbf: Math.floor(Date.now() / 1000) + 20 }],
    ['whose scopes are a list', { scope: ['openid', 'tag:read'] }],
  ])('%s is allowed, as the service allows it', async (_, claims) => {
    expect(await scene.ask(bearer(await scene.token(claims)))).toMatchObject({ isAuthorized: true });
  });

  it.each(['AT+JWT', 'application/at+jwt'])('may have the type %s', async (typ) => {
    expect(await scene.ask(bearer(await scene.token({}, { typ })))).toMatchObject({ isAuthorized: true });
  });

  it('needs no type of its own where the operator says so', async () => {
    const unset = { TOKEN_TYPE: undefined };
    for (const header of [{ typ: 'JWT' }, { typ: undefined }]) {
      const token = await scene.token({}, header);
      expect(await denied(bearer(token), unset)).toBe('token_invalid');
      expect(await scene.ask(bearer(token), { TOKEN_TYPE: 'JWT' })).toMatchObject({ isAuthorized: true });
      expect(await scene.ask(bearer(token), { ...unset, SCOPES: 'none' })).toMatchObject({ isAuthorized: true });
    }
    const idToken = await scene.token({ at_hash: 'x' }, { typ: 'JWT' });
    expect(await denied(bearer(idToken), { TOKEN_TYPE: 'JWT' })).toBe('token_invalid');
  });

  it('names its subject where its mail address is not known to be theirs', async () => {
    const token = await scene.token({ email: 'boss@example.com', email_verified: 'false' });
    expect(await scene.ask(bearer(token))).toMatchObject({ context: { userId: 'ana' } });
  });
});

describe('a token that is not good', () => {
  it.each([
    ['of another issuer', { iss: 'https://evil.example' }, 'token_invalid'],
    ['of an issuer that only starts alike', { iss: `${issuer}.evil.example` }, 'token_invalid'],
    ['for another audience', { aud: 'https://other.example/mcp' }, 'token_audience'],
    ['for several audiences, ours among them', { aud: [audience, 'https://other.example/mcp'] }, 'token_audience'],
    ['without an audience', { aud: undefined }, 'token_audience'],
    ['that has expired', { exp: Math.floor(Date.now() / 1000) - 1 }, 'token_expired'],
    ['that never expires', { exp: undefined }, 'token_invalid'],
    ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }, 'token_invalid'],
    ['without a subject', { sub: undefined }, 'token_invalid'],
    ['with other scopes', { scope: 'openid profile' }, 'scope'],
    ['with a scope that only starts alike', { scope: 'tag:reader' }, 'scope'],
    ['with a scope of every object', { scope: '__proto__ constructor' }, 'scope'],
    ['with scopes that are no text', { scope: { 'tag:read': true } }, 'scope'],
    ['without scopes', { scope: undefined }, 'scope'],
  ])('%s is denied', async (_, claims, reason) => {
    expect(await denied(bearer(await scene.token(claims)))).toBe(reason);
  });

  it('is denied without a signature, with that of a stranger, and with a key it brings along', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const claims = { iss: issuer, aud: audience, sub: 'ana', scope: 'admin' };
    const unsigned = new UnsecuredJWT(claims).setIssuedAt().setExpirationTime('5m').encode();
    expect(await denied(bearer(unsigned))).toBe('token_invalid');
    expect(await denied(bearer(`${unsigned}AA`))).toBe('token_invalid');
    const header = {
      alg: 'ES256',
      kid: 'one',
      typ: 'at+jwt',
      jwk: await exportJWK(publicKey),
      jku: 'https://evil.example',
    };
    const forged = await new SignJWT(claims)
      .setProtectedHeader(header)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    expect(await denied(bearer(forged))).toBe('token_invalid');
  });

  it('is denied with an algorithm that is not on the list, such as the public key as a password', async () => {
    const claims = { iss: issuer, aud: audience, sub: 'ana', scope: 'admin' };
    const password = new TextEncoder().encode('the public key, which everybody knows');
    const header = { alg: 'HS256', kid: 'one', typ: 'at+jwt' };
    const token = await new SignJWT(claims)
      .setProtectedHeader(header)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(password);
    expect(await denied(bearer(token), {}, { key: async () => password })).toBe('token_invalid');
  });

  it('is denied when it is of another kind: an ID token, or another use of Cognito’s', async () => {
    expect(await denied(bearer(await scene.token({}, { typ: 'JWT' })))).toBe('token_invalid');
    const cognito = { TOKEN_USE: 'id', TOKEN_TYPE: undefined };
    expect(await denied(bearer(await scene.token({ token_use: 'access' })), cognito)).toBe('token_invalid');
    expect(await scene.ask(bearer(await scene.token({ token_use: 'id' })), cognito)).toMatchObject({
      isAuthorized: true,
    });
  });

  it.each([
    [{}, 'token_missing'],
    [{ authorization: '' }, 'token_missing'],
    [{ authorization: 'Bearer' }, 'token_malformed'],
    [{ authorization: 'Basic YTpi' }, 'token_malformed'],
    [{ authorization: 'Bearer one,Bearer two' }, 'token_malformed'],
    [{ authorization: 'Bearer not.a.token' }, 'token_invalid'],
  ])('is denied with the headers %j', async (headers, reason) => {
    expect(await denied(request(headers))).toBe(reason);
  });

  it('is denied twice over when two headers differ in case alone', async () => {
    const token = await scene.token();
    expect(await denied(request({ authorization: `Bearer ${token}`, Authorization: `Bearer ${token}` }))).toBe(
      'malformed_request',
    );
  });
});

describe('scopes', () => {
  it('may be implied, and stand behind a prefix or in a list', async () => {
    expect(await scene.ask(bearer(await scene.token({ scope: 'openid admin' })))).toMatchObject({ isAuthorized: true });
    const listed = await scene.token({ scope: undefined, scp: ['mcp/tag:write'] });
    expect(await scene.ask(bearer(listed), { SCOPE_PREFIX: 'mcp/' })).toMatchObject({ isAuthorized: true });
    expect(await denied(bearer(await scene.token()), { SCOPE_PREFIX: 'mcp/' })).toBe('scope');
  });

  it('are not asked for where tokens have none', async () => {
    const token = await scene.token({ scope: undefined });
    expect(await scene.ask(bearer(token), { SCOPES: 'none' })).toMatchObject({ isAuthorized: true });
  });
});

describe('routes', () => {
  it.each(['GET /mcp/health', 'ANY /mcp', 'POST /mcp/tools/list', '$default', '__proto__', ''])(
    '%s is none that it stands before',
    async (routeKey) => {
      const { headers } = bearer(await scene.token());
      expect(await denied(request(headers, routeKey))).toBe('unknown_route');
    },
  );

  it.each([undefined, null, 'GET /mcp/tools/list', {}, { version: '1.0', routeKey: 'GET /mcp/tools/list' }])(
    'are not guessed from %j',
    async (event) => {
      expect(await denied(event)).toBe('malformed_request');
    },
  );
});

describe('the employee rule', () => {
  const rule = { EMPLOYEE_CLAIM: 'custom:employeeId', EMPLOYEE_PREFIX: 'EMP-' };
  const employee = async (id: unknown) => bearer(await scene.token({ 'custom:employeeId': id }));

  it('lets in whose claim starts as it must', async () => {
    expect(await scene.ask(await employee('EMP-10042'), rule)).toMatchObject({ isAuthorized: true });
  });

  it.each([undefined, '', 'EMP-', 'emp-10042', ' EMP-10042', 'XEMP-1', 42, ['EMP-10042'], { EMP: 1 }])(
    'keeps out %j',
    async (id) => {
      expect(await denied(await employee(id), rule)).toBe('employee');
    },
  );

  it('looks at claims of the token alone, not at what every object has', async () => {
    for (const claim of ['constructor', '__proto__', 'toString'])
      expect(await denied(bearer(await scene.token()), { EMPLOYEE_CLAIM: claim })).toBe('employee');
  });
});

describe('the keys of the issuer', () => {
  it('that cannot be read deny', async () => {
    const key = createRemoteJWKSet(new URL('http://127.0.0.1:9/jwks'), { timeoutDuration: 500 });
    expect(await denied(bearer(await scene.token()), {}, { key })).toBe('keys_unreadable');
  });

  it('that fail in a way nobody thought of deny', async () => {
    const key = async () => {
      throw new RangeError('odd');
    };
    expect(await denied(bearer(await scene.token()), {}, { key })).toBe('keys_unreadable');
  });
});

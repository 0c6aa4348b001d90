import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { issuerKeys } from './issuer-keys.ts';

const pair = await generateKeyPair('ES256');
const set = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] };
const token = await new SignJWT({ sub: 'ana' }).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(pair.privateKey);

const asked: string[] = [];
let answers: Record<string, unknown> = {};
const server = createServer((request, response) => {
  const path = request.url ?? '';
  asked.push(path);
  const body = answers[path];
  response.writeHead(body === undefined ? 404 : 200).end(JSON.stringify(body));
});
let url = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
beforeEach(() => {
  asked.length = 0;
  answers = { '/keys': set };
});
afterAll(() => server.close());

const metadata = (issuer = url) => ({ issuer, jwks_uri: `${url}/keys` });
const verify = (keys: ReturnType<typeof issuerKeys>) => jwtVerify(token, keys).then(({ payload }) => payload.sub);

it('are where they are said to be, and read once', async () => {
  const keys = issuerKeys({ ISSUER: 'https://elsewhere.example', JWKS_URL: `${url}/keys` }, 1000);
  expect([await verify(keys), await verify(keys)]).toEqual(['ana', 'ana']);
  expect(asked).toEqual(['/keys']);
});

it.each(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'])(
  'are where the metadata at %s says',
  async (path) => {
    answers[path] = metadata();
    expect(await verify(issuerKeys({ ISSUER: url }, 1000))).toBe('ana');
  },
);

it('are not had from metadata of another issuer, and are looked for again with the next request', async () => {
  answers['/.well-known/openid-configuration'] = metadata('https://evil.example');
  const keys = issuerKeys({ ISSUER: url }, 1000);
  await expect(verify(keys)).rejects.toMatchObject({ reason: 'keys_unreadable' });
  answers['/.well-known/openid-configuration'] = metadata();
  expect(await verify(keys)).toBe('ana');
});

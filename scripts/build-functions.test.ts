/** The archives that Terraform uploads: the same for the same code, and functions that start and decide. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { request, secretArn } from '../authorizer/testing/scene.ts';
import { startFunction } from '../service/test/rigs/http-api.ts';
import { type BuiltFunction, bundleFunctions } from './build-functions.ts';
import { zip } from './zip.ts';

const run = promisify(execFile);

let folder: string;
let built: BuiltFunction[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-functions-'));
  built = await bundleFunctions(join(folder, 'one'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const extracted = async (archive: string): Promise<Map<string, Buffer>> => {
  const target = await mkdtemp(join(folder, 'extracted-'));
  // Not our own reader: what wrote it would agree with itself.
  const python =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])';
  await run('python3', ['-c', python, archive, target]);
  const names = await readdir(target);
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(target, name))] as const)));
};

describe('an archive', () => {
  it('holds what is in the folder', async () => {
    for (const { file } of built) {
      const source = file.replace(/\.zip$/, '');
      const files = await extracted(file);
      expect([...files.keys()].sort()).toEqual((await readdir(source)).sort());
      for (const [name, content] of files) expect(content.equals(await readFile(join(source, name)))).toBe(true);
    }
  });

  it('is the same byte for byte when it is made again, whenever that is', async () => {
    const again = await bundleFunctions(join(folder, 'two'));
    for (const [index, { file }] of built.entries()) {
      const other = again[index]?.file ?? '';
      expect((await readFile(other)).equals(await readFile(file))).toBe(true);
    }
  });

  it('does not depend on the order of its files, and differs when one of them does', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')];
    const one = zip(
      new Map([
        ['a.js', a],
        ['b.js', b],
      ]),
    );
    expect(
      zip(
        new Map([
          ['b.js', b],
          ['a.js', a],
        ]),
      ).equals(one),
    ).toBe(true);
    expect(
      zip(
        new Map([
          ['a.js', b],
          ['b.js', a],
        ]),
      ).equals(one),
    ).toBe(false);
  });

  it('is small enough to be loaded quickly', () => {
    const sizes = Object.fromEntries(built.map(({ file, bytes }) => [file.split('/').at(-1), bytes]));
    expect(sizes['authorizer.zip']).toBeLessThan(500_000);
    expect(sizes['service.zip']).toBeLessThan(4_000_000);
  });
});

describe('the authorizer', () => {
  const keys = { current: 'current-key-0123456789', previous: 'previous-key-0123456789' };
  const issuer = 'https://mcp.example.com';
  let server: Server;
  let privateKey: CryptoKey;
  let variables: Record<string, string>;
  const asked: string[] = [];

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    privateKey = pair.privateKey;
    const jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] };
    // Stands in for the issuer and for Secrets Manager.
    server = createServer((incoming, answer) => {
      asked.push(String(incoming.headers['x-amz-target'] ?? incoming.url));
      const secret = incoming.method === 'POST';
      answer.setHeader('content-type', secret ? 'application/x-amz-json-1.1' : 'application/json');
      answer.end(JSON.stringify(secret ? { SecretString: JSON.stringify(keys) } : jwks));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    variables = {
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: url,
      ISSUER: issuer,
      JWKS_URL: `${url}/oauth/jwks`,
      AUDIENCE: `${issuer}/mcp`,
      ALGORITHMS: 'ES256',
      API_KEY_HEADER: 'x-api-key',
      API_KEYS_SECRET: secretArn('caller-api-keys'),
    };
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const token = () =>
    new SignJWT({ iss: issuer, aud: `${issuer}/mcp`, sub: 'ana', scope: 'tag:read' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
  const start = (changes = {}) =>
    startFunction(join(folder, 'one/authorizer/handler.js'), { ...variables, ...changes });

  it('starts and decides in a moment, with its keys from where they are', async () => {
    const started = performance.now();
    const authorizer = await start();
    const good = request({ authorization: `Bearer ${await token()}`, 'x-api-key': keys.previous });
    expect(await authorizer.invoke(good)).toMatchObject({ isAuthorized: true, context: { userId: 'ana' } });
    const milliseconds = performance.now() - started;
    expect(asked.toSorted()).toEqual(['/oauth/jwks', 'secretsmanager.GetSecretValue']);
    // A third of a second on an idle machine, half of it Node's own; this only tells a bundle that got ten times slower.
    expect(milliseconds).toBeLessThan(5000);
    const bad = request({ authorization: `Bearer ${await token()}`, 'x-api-key': 'guessed' });
    expect(await authorizer.invoke(bad)).toEqual({ isAuthorized: false });
    expect(authorizer.output()).toContain('"reason":"api_key"');
    for (const secret of ['guessed', keys.current, keys.previous, await token()])
      expect(authorizer.output()).not.toContain(secret);
    await authorizer.stop();
  });

  it.each([
    ['an issuer that is missing', { ISSUER: '' }, 'configuration'],
    ['a header without its secret', { API_KEYS_SECRET: '' }, 'configuration'],
    ['keys that are not there', { JWKS_URL: 'http://127.0.0.1:9/jwks' }, 'keys_unreadable'],
    ['secrets that are not there', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 'secret_unreadable'],
  ])('denies all with %s, and says so in its log', async (_, changes, reason) => {
    const authorizer = await start(changes);
    const good = request({ authorization: `Bearer ${await token()}`, 'x-api-key': keys.current });
    expect(await authorizer.invoke(good)).toEqual({ isAuthorized: false });
    expect(authorizer.output()).toContain(`"reason":"${reason}"`);
    await authorizer.stop();
  });
});

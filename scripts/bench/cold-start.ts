/** How long the authorizer's bundle takes from a new process to its first decision, next to Node starting and ending. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { audience, issuer, request } from '../../authorizer/testing/scene.ts';
import { median } from './process.ts';

const run = promisify(execFile);

export interface ColdStart {
  /** Milliseconds, medians. */
  readonly node: number;
  readonly authorizer: number;
}

const timed = async (code: string, env: Readonly<Record<string, string>> = {}): Promise<number> => {
  const started = performance.now();
  await run(process.execPath, ['--input-type=module', '--eval', code], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  return performance.now() - started;
};

/**
 * The decision is a real one: a signed token, checked with a key that is fetched first.
 * @param folder where the functions are bundled
 */
export const measureColdStart = async (folder: string, rounds: number): Promise<ColdStart> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
  const server = createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(keys));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = server.address();
    const token = await new SignJWT({ iss: issuer, aud: audience, sub: 'ana', scope: 'tag:read' })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'one' })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey);
    const env = {
      ISSUER: issuer,
      JWKS_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/jwks`,
      AUDIENCE: audience,
      ALGORITHMS: 'ES256',
      EVENT: JSON.stringify(request({ authorization: `Bearer ${token}` })),
    };
    const decide = [
      `const { handler } = await import(${JSON.stringify(join(folder, 'authorizer/handler.js'))});`,
      'const { isAuthorized } = await handler(JSON.parse(process.env.EVENT));',
      'process.exit(isAuthorized ? 0 : 1);',
    ].join('\n');
    const [node, authorizer]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      node.push(await timed(''));
      authorizer.push(await timed(decide, env));
    }
    return { node: median(node), authorizer: median(authorizer) };
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

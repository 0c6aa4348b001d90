/** An issuer that is not ours, for services with AUTH_ISSUER: it signs whatever a test says of a person. */
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { PackName } from '../../../contracts/packs/index.ts';
import { offeredScopes } from '../../../contracts/scopes.ts';
import type { Person } from '../../src/auth/caller.ts';
import { freePort } from '../servers/server.ts';

export interface OutsideIssuer {
  readonly url: string;
  /** Where its keys are. */
  readonly keys: string;
  /** An access token with every scope of the packs. @param claims besides those that every token has */
  sign(person: Person, claims?: JWTPayload): Promise<string>;
  stop(): Promise<unknown>;
}

/** @param now the clock by which the services look at its tokens */
export const startOutsideIssuer = async (
  audience: string,
  packs: readonly PackName[],
  now: () => Date,
): Promise<OutsideIssuer> => {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256' }] });
  const server = createServer((_request, response) => void response.end(keys));
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  const url = `http://localhost:${port}`;
  return {
    url,
    keys: `${url}/keys`,
    stop: () => new Promise((resolve) => server.close(resolve)),
    sign: ({ personId, email, roles }, more = {}) => {
      const at = Math.floor(now().getTime() / 1000);
      const claims = {
        ...{ iss: url, aud: audience, sub: personId, client_id: 'agent', email },
        scope: offeredScopes(packs).join(' '),
        groups: [...roles],
      };
      return new SignJWT({ ...claims, auth_time: at, iat: at, exp: at + 3600, ...more })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })
        .sign(pair.privateKey);
    },
  };
};

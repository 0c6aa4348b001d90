/** What the compared servers know of the service's tokens: how to check one that it issued. */
import { env } from 'node:process';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { packNames } from '../../contracts/packs/index.ts';
import { signingAlgorithm } from '../../service/src/auth/signing-key.ts';
import { TokenClaims } from '../../service/src/auth/token-claims.ts';
import { createTokenVerifier, type TokenVerifier } from '../../service/src/auth/verify.ts';

/** Handed to a compared server in BENCH_ISSUER. */
export interface Issuer {
  readonly issuer: string;
  readonly resource: string;
  readonly jwks: JSONWebKeySet;
}

export const issuer = JSON.parse(env.BENCH_ISSUER ?? '{}') as Issuer;

const key = createLocalJWKSet(issuer.jwks);
const accept = { issuer: issuer.issuer, typ: 'at+jwt', algorithms: [signingAlgorithm] };

/** As anybody would write it with jose: the signature is checked on every request. */
export const checkEachTime = async (token: string): Promise<TokenClaims> => {
  const { payload } = await jwtVerify(token, key, { ...accept, audience: issuer.resource });
  return TokenClaims.parse(payload);
};

/** The service's own check, without the store behind it: each token's signature once, then who it is. */
export const serviceVerifier = (): TokenVerifier =>
  createTokenVerifier({
    source: {
      key,
      accept,
      tokenType: 'at+jwt',
      claimsOf: (payload) => TokenClaims.parse(payload),
      freshUntil: ({ exp }) => exp,
      personOf: async ({ sub }) => ({ personId: sub, name: sub, email: sub, roles: ['viewer'] }),
      isActive: async () => true,
    },
    elevations: { find: async () => undefined },
    config: { TOOL_PACKS: packNames, RESOURCES: [issuer.resource] },
    now: () => new Date(),
  });

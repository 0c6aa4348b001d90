/** Tokens of the embedded authorization server. */
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Config } from '../config.ts';
import type { Grants } from './grants.ts';
import type { KeySet, SigningKeys } from './keys.ts';
import type { People } from './people.ts';
import { rolesOf } from './roles.ts';
import { signingAlgorithm } from './signing-key.ts';
import { TokenClaims } from './token-claims.ts';
import type { TokenSource } from './token-source.ts';

interface Parts {
  readonly keys: SigningKeys;
  readonly grants: Pick<Grants, 'isActive'>;
  readonly people: Pick<People, 'find'>;
  readonly config: Pick<Config, 'ISSUER'>;
}

/** Keys by id; an unknown id makes the keys be read again once, for another task may just have rotated. */
const keyFinder = (keys: SigningKeys): JWTVerifyGetKey => {
  let known: { version: string; find: ReturnType<typeof createLocalJWKSet> } | undefined;
  const finder = ({ version, verifying }: KeySet) => {
    if (known?.version !== version) known = { version, find: createLocalJWKSet(verifying) };
    return known.find;
  };
  return async (header, token) => {
    try {
      return await finder(await keys.current())(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return finder(await keys.reload(header.kid))(header, token);
    }
  };
};

export const ownTokens = ({ keys, grants, people, config }: Parts): TokenSource => ({
  key: keyFinder(keys),
  accept: {
    issuer: config.ISSUER,
    algorithms: [signingAlgorithm],
    requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'scope', 'gid', 'auth_time', 'roles'],
  },
  // RFC 9068 2.1: the type keeps ID tokens of the same issuer out.
  tokenType: 'at+jwt',
  claimsOf: (payload) => TokenClaims.parse(payload),
  // Elevated scopes are issued after a proven sign-in only, into tokens that end with it.
  freshUntil: ({ exp }) => exp,
  async personOf(claims) {
    const person = await people.find(claims.sub);
    // A role counts if the token was issued with it and the person still has it.
    const tokenRoles = rolesOf(claims.roles);
    return person && { ...person, roles: person.roles.filter((role) => tokenRoles.includes(role)) };
  },
  isActive: ({ gid, sub }) => grants.isActive(gid, sub),
});

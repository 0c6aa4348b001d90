/** Tokens of AUTH_ISSUER, where the service is a resource server only. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { clockToleranceSeconds, scopesOfToken } from '../../../contracts/access-token.ts';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import { ownerOfClaims, rolesOfClaims, teamOfClaims } from './roles.ts';
import { TokenClaims } from './token-claims.ts';
import type { TokenSource } from './token-source.ts';

type OutsideConfig = Pick<
  Config,
  | 'ISSUER'
  | 'RESOURCE'
  | 'AUTH_JWKS_URL'
  | 'AUTH_TOKEN_TYPE'
  | 'ROLES_CLAIM'
  | 'ROLE_MAP'
  | 'OWNER_CLAIM'
  | 'TEAM_CLAIM'
  | 'ELEVATED_TOKEN_SECONDS'
>;

const timeoutMs = 5_000;
const cacheMs = 600_000;
const Metadata = z.object({ jwks_uri: z.url() });

const metadataPaths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

const discover = async (issuer: string): Promise<URL> => {
  for (const path of metadataPaths) {
    // An issuer's path comes before the well-known one in OpenID discovery, which is what providers with paths serve.
    const response = await fetch(issuer.replace(/\/$/, '') + path, {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error',
    });
    if (response.ok) return new URL(Metadata.parse(await response.json()).jwks_uri);
  }
  throw new Error(`${issuer} serves no metadata; set AUTH_JWKS_URL`);
};

/** Fetches keys when first needed, keeps them ten minutes, and again for an unknown key at most every 30 seconds. */
const remoteKeys = (config: OutsideConfig): JWTVerifyGetKey => {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const open = async () => {
    const url = config.AUTH_JWKS_URL ?? (await discover(config.ISSUER));
    return createRemoteJWKSet(new URL(url), { timeoutDuration: timeoutMs, cacheMaxAge: cacheMs });
  };
  const unreadable = (cause: unknown) =>
    new CountersignError('upstream_error', 'The keys of AUTH_ISSUER could not be read', { cause });
  return async (header, token) => {
    keys ??= open();
    const find = await keys.catch((cause: unknown) => {
      keys = undefined;
      throw unreadable(cause);
    });
    try {
      return await find(header, token);
    } catch (error) {
      // Unknown kid: reject the token. Keys unreachable: not the token's fault.
      throw error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys
        ? error
        : unreadable(error);
    }
  };
};

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** One shape of what providers call differently: `azp` for client_id, `scp` for scope, scopes behind the resource's name. */
const normalize = (payload: Readonly<Record<string, unknown>>, resource: string): Record<string, unknown> => {
  const scopes = scopesOfToken(payload).map((name) =>
    name.startsWith(`${resource}/`) ? name.slice(resource.length + 1) : name,
  );
  const { client_id, azp, cid, appid, gid, origin_jti, sid, jti, sub, iat } = payload;
  return {
    ...payload,
    scope: scopes.join(' '),
    client_id: [client_id, azp, cid, appid].find(text),
    gid: [gid, origin_jti, sid, jti].find(text) ?? `${sub}/${iat}`,
    // Not iat: a token can be new and its sign-in old. OpenID Connect Core 2: a number of seconds, or it says nothing.
    auth_time: typeof payload.auth_time === 'number' ? payload.auth_time : 0,
  };
};

export const outsideTokens = (config: OutsideConfig): TokenSource => ({
  key: remoteKeys(config),
  accept: {
    issuer: config.ISSUER,
    algorithms: ['ES256', 'ES384', 'PS256', 'RS256', 'EdDSA'],
    requiredClaims: ['exp', 'iat', 'sub'],
  },
  tokenType: config.AUTH_TOKEN_TYPE,
  claimsOf: (payload) => TokenClaims.parse(normalize(payload, config.RESOURCE)),
  freshUntil: ({ auth_time, exp }, at) =>
    // A sign-in of after now proves nothing: so do milliseconds look.
    auth_time > at + clockToleranceSeconds ? 0 : Math.min(exp, auth_time + config.ELEVATED_TOKEN_SECONDS),
  async personOf(claims) {
    return {
      personId: claims.sub,
      name: text(claims.name) ?? text(claims.username) ?? claims.sub,
      email: text(claims.email) ?? '',
      issuer: config.ISSUER,
      ...ownerOfClaims(claims, config),
      ...teamOfClaims(claims, config),
      roles: rolesOfClaims(claims, config),
    };
  },
  // Grants are the issuer's: its tokens hold until they expire.
  isActive: async () => true,
});

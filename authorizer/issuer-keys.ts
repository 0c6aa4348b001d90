/** The keys of the issuer, from where they are said to be or from where its metadata says. */
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import { Refusal } from './refusal.ts';

const cacheMs = 600_000;
// An unknown key makes the set be read again, at most so often.
const cooldownMs = 30_000;

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
// OpenID Connect Discovery 4, and RFC 8414 3 for an issuer without a path.
const paths = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

const discover = async (issuer: string, timeoutMs: number): Promise<string> => {
  for (const path of paths) {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(issuer.replace(/\/$/, '') + path, { signal, redirect: 'error' });
    if (!response.ok) continue;
    const metadata = Metadata.parse(await response.json());
    // RFC 8414 3.3: or somebody else's metadata could name somebody else's keys.
    if (metadata.issuer === issuer) return metadata.jwks_uri;
  }
  throw new Error('the issuer serves no metadata of its own');
};

/** @param timeoutMs longest wait for one answer of the issuer */
export const issuerKeys = (
  { ISSUER, JWKS_URL }: Pick<AuthorizerConfig, 'ISSUER' | 'JWKS_URL'>,
  timeoutMs: number,
): JWTVerifyGetKey => {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const open = async () => {
    const url = JWKS_URL ?? (await discover(ISSUER, timeoutMs));
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: timeoutMs,
      cacheMaxAge: cacheMs,
      cooldownDuration: cooldownMs,
    });
  };
  return async (header, token) => {
    keys ??= open();
    const find = await keys.catch(() => {
      keys = undefined;
      throw new Refusal('keys_unreadable');
    });
    return find(header, token);
  };
};

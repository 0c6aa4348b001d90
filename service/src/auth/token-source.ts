/** Whose tokens are accepted: the embedded authorization server's, or an outside issuer's. */
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { Person } from './caller.ts';
import type { TokenClaims } from './token-claims.ts';

export interface TokenSource {
  readonly key: JWTVerifyGetKey;
  /** Issuer, types, algorithms and claims that must be there; the audience is always this service. */
  readonly accept: Omit<JWTVerifyOptions, 'audience' | 'currentDate'>;
  /** The claims in one shape. @throws ZodError when one is missing or of a wrong type */
  claimsOf(payload: Readonly<Record<string, unknown>>): TokenClaims;
  /** Who it is, with their roles; undefined when nobody is known by that name. */
  personOf(claims: TokenClaims): Promise<Person | undefined>;
  /** Whether the grant still stands. */
  isActive(claims: TokenClaims): Promise<boolean>;
}

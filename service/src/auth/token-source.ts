/** Whose tokens are accepted: the embedded authorization server's, or an outside issuer's. */
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { AccessTokenType } from '../../../contracts/access-token.ts';
import type { Person } from './caller.ts';
import type { TokenClaims } from './token-claims.ts';

export interface TokenSource {
  readonly key: JWTVerifyGetKey;
  /** Issuer, algorithms and claims that must be there; the audience is always this service. */
  readonly accept: Pick<JWTVerifyOptions, 'algorithms' | 'requiredClaims'> & { readonly issuer: string };
  readonly tokenType: AccessTokenType;
  /** The claims in one shape. @throws ZodError when one is missing or of a wrong type */
  claimsOf(payload: Readonly<Record<string, unknown>>): TokenClaims;
  /** Who it is, with their roles; undefined when nobody is known by that name. */
  personOf(claims: TokenClaims): Promise<Person | undefined>;
  /**
   * Epoch seconds until which the sign-in behind the token is new enough for elevated scopes; 0 where nothing proves
   * when it was. @param at epoch seconds of now
   */
  freshUntil(claims: TokenClaims, at: number): number;
  /** Whether the grant still stands. */
  isActive(claims: TokenClaims): Promise<boolean>;
}

import type { Role, Scope } from '../../../contracts/scopes.ts';

/** A person, as the identity provider names them. */
export interface Person {
  /** Stable subject; the audit partition. */
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

/** Who is calling: a person through a client, with what that client was granted. */
export interface Caller extends Person {
  readonly clientId: string;
  /** Grant the token belongs to; revocation names it. */
  readonly grantId: string;
  /** Granted and raised scopes with everything they imply, never more than the person's roles allow. */
  readonly scopes: ReadonlySet<Scope>;
  /** Epoch seconds of the sign-in behind the token. */
  readonly authenticatedAt: number;
  /** Epoch seconds the token expires at. */
  readonly expiresAt: number;
}

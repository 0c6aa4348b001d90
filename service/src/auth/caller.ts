import type { Role, Scope } from '../../../contracts/scopes.ts';

/** A person, as the identity provider names them. */
export interface Person {
  /** Stable subject; the audit partition. */
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  /** Who gave the subject; absent where there is one issuer only, as in the sandbox. */
  readonly issuer?: string | undefined;
  /** Value of OWNER_CLAIM: the human behind the subject, whichever issuer names them. */
  readonly owner?: string | undefined;
  /** Value of TEAM_CLAIM: their team or agency. */
  readonly team?: string | undefined;
  /** Those of TOKEN_CLAIMS, which their access tokens have too. */
  readonly claims?: Readonly<Record<string, string>> | undefined;
  readonly roles: readonly Role[];
}

/** Issuer of the service's own name. No identity provider is called so: theirs are addresses. */
export const SERVICE_ISSUER = 'urn:countersign:service';

/** The service itself, as who asks for a change that nobody asked it for. Any person may countersign that. */
export const serviceAsPerson = (part: string): Person => ({
  personId: `service:${part}`,
  name: 'Countersign',
  email: '',
  issuer: SERVICE_ISSUER,
  roles: [],
});

/** Who is calling: a person through a client, with what that client was granted. */
export interface Caller extends Person {
  readonly clientId: string;
  /** Grant the token belongs to; revocation names it. */
  readonly grantId: string;
  /** Granted and raised scopes with everything they imply, never more than the person's roles allow. */
  readonly scopes: ReadonlySet<Scope>;
  /**
   * Elevated scopes that the token has and that do not count, because it does not prove a sign-in that is new enough.
   * Only tokens of AUTH_ISSUER can be such.
   */
  readonly unproven?: readonly Scope[];
  /** Epoch seconds of the sign-in behind the token, 0 where it does not say. */
  readonly authenticatedAt: number;
  /** Epoch seconds the token expires at. */
  readonly expiresAt: number;
}

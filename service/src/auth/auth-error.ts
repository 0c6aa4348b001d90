/** Why a token was refused. Each reason is a value of the metric AuthFailures, and none is told in more detail. */
const texts = {
  missing: 'No access token was sent',
  expired: 'The access token has expired',
  not_yet: 'The access token is not valid yet: its nbf is still to come',
  type: 'The access token is not valid: its type (typ) is not at+jwt',
  audience: 'The access token is for another resource',
  issuer: 'The access token is from another issuer',
  signature: 'The access token is not signed by a known key',
  algorithm: 'The access token is signed in a way that is not accepted',
  revoked: 'The access token was revoked',
  malformed: 'The access token is not valid',
} as const;

export type AuthFailure = keyof typeof texts;

export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly reason: AuthFailure;

  constructor(reason: AuthFailure, options?: { cause?: unknown }) {
    super(texts[reason], options);
    this.reason = reason;
  }
}

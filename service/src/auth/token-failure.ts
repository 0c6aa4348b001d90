import { errors } from 'jose';
import { ZodError } from 'zod';
import { AuthError, type AuthFailure } from './auth-error.ts';

const claimReasons: Readonly<Record<string, AuthFailure>> = { aud: 'audience', iss: 'issuer', typ: 'type' };

const claimReason = ({ claim, reason }: errors.JWTClaimValidationFailed): AuthFailure =>
  // A time that does not hold, and not one that is none.
  claim === 'nbf' && reason === 'check_failed' ? 'not_yet' : (claimReasons[claim] ?? 'malformed');

const reasonOf = (error: unknown): AuthFailure | undefined => {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error);
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return 'algorithm';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'signature';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed';
  return error instanceof ZodError ? 'malformed' : undefined;
};

/** The refusal that a verification error amounts to; a fault, such as a store that is away, stays what it is. */
export const asRefusal = (error: unknown): unknown => {
  const reason = reasonOf(error);
  return reason === undefined ? error : new AuthError(reason, { cause: error });
};

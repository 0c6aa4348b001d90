/** From an Authorization header to verified claims. */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import { Refusal } from './refusal.ts';

export type TokenConfig = Pick<AuthorizerConfig, 'ISSUER' | 'AUDIENCE' | 'ALGORITHMS' | 'TOKEN_TYPE' | 'TOKEN_USE'>;

// RFC 9110 11.1: the scheme in any case. RFC 6750 2.1: the characters of a token.
const bearer = /^Bearer +([\w.~+/-]+=*) *$/i;

const tokenOf = (authorization: string | undefined): string => {
  if (authorization === undefined || authorization === '') throw new Refusal('token_missing');
  const token = bearer.exec(authorization)?.[1];
  if (token === undefined) throw new Refusal('token_malformed');
  return token;
};

// A wrong answer from where the keys are has no class of its own.
const isTokensFault = (error: unknown): boolean =>
  error instanceof errors.JOSEError &&
  !(error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid || error.code === 'ERR_JOSE_GENERIC');

/** The token's fault by jose's code, or else that its keys could not be had. */
const refusalOf = (error: unknown): Refusal => {
  if (error instanceof Refusal) return error;
  if (error instanceof errors.JWTExpired) return new Refusal('token_expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    return new Refusal(error.claim === 'aud' ? 'token_audience' : 'token_invalid');
  return new Refusal(isTokensFault(error) ? 'token_invalid' : 'keys_unreadable');
};

/** A claim of the token itself, not of what every object has. */
export const claim = (payload: JWTPayload, name: string): unknown =>
  Object.hasOwn(payload, name) ? payload[name] : undefined;

/** @throws Refusal */
export const verifyToken = async (
  authorization: string | undefined,
  config: TokenConfig,
  key: JWTVerifyGetKey,
  now: () => number,
): Promise<JWTPayload> => {
  const token = tokenOf(authorization);
  try {
    const { payload } = await jwtVerify(token, key, {
      issuer: config.ISSUER,
      audience: config.AUDIENCE,
      algorithms: [...config.ALGORITHMS],
      requiredClaims: ['exp', 'iat', 'sub'],
      currentDate: new Date(now()),
      ...(config.TOKEN_TYPE !== undefined && { typ: config.TOKEN_TYPE }),
    });
    // An array would pass the check above if any of its members did.
    if (payload.aud !== config.AUDIENCE) throw new Refusal('token_audience');
    if (config.TOKEN_USE !== undefined && claim(payload, 'token_use') !== config.TOKEN_USE)
      throw new Refusal('token_invalid');
    return payload;
  } catch (error) {
    throw refusalOf(error);
  }
};

/** From an Authorization header to verified claims. */
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { clockToleranceSeconds, isAccessTokenType, isForUs, isOtherToken } from '../contracts/access-token.ts';
import type { AuthorizerConfig } from '../contracts/authorizer-environment.ts';
import { Refusal } from './refusal.ts';

export type TokenConfig = Pick<
  AuthorizerConfig,
  'ISSUER' | 'AUDIENCE' | 'ALGORITHMS' | 'TOKEN_TYPE' | 'TOKEN_USE' | 'SCOPES'
>;

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
  return new Refusal(isTokensFault(error) ? 'token_invalid' : 'keys_unreadable');
};

/** A claim of the token itself, not of what every object has. */
export const claim = (payload: JWTPayload, name: string): unknown =>
  Object.hasOwn(payload, name) ? payload[name] : undefined;

/** Whether it is of the kind that is asked for: an access token, unless the configuration wants ID tokens. */
const isOfKind = (typ: unknown, payload: JWTPayload, { TOKEN_TYPE, TOKEN_USE, SCOPES }: TokenConfig): boolean => {
  const idTokens = SCOPES === 'none' || TOKEN_USE !== undefined;
  if (!isAccessTokenType(typ, TOKEN_TYPE ?? (idTokens ? 'JWT' : 'at+jwt'))) return false;
  return idTokens ? TOKEN_USE === undefined || claim(payload, 'token_use') === TOKEN_USE : !isOtherToken(payload);
};

/** Decides as the service does. @throws Refusal */
export const verifyToken = async (
  authorization: string | undefined,
  config: TokenConfig,
  key: JWTVerifyGetKey,
  now: () => number,
): Promise<JWTPayload> => {
  const token = tokenOf(authorization);
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      issuer: config.ISSUER,
      algorithms: [...config.ALGORITHMS],
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(now()),
    });
    // The tolerance is for tokens of a moment ahead; jose would also let them outlive their exp.
    if (Number(payload.exp) <= now() / 1000) throw new Refusal('token_expired');
    if (!isForUs(payload.aud, config.AUDIENCE, config.ISSUER)) throw new Refusal('token_audience');
    if (!isOfKind(protectedHeader.typ, payload, config)) throw new Refusal('token_invalid');
    return payload;
  } catch (error) {
    throw refusalOf(error);
  }
};

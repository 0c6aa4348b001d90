/** What the service and the API's authorizer hold of every access token alike. */

/** How far another clock may be ahead of ours: an nbf by this much later is taken. Nothing is taken after its exp. */
export const clockToleranceSeconds = 30;

/**
 * What an access token's typ must be. at+jwt: as RFC 9068 has it. JWT: also JWT or none, for issuers from before it; then
 * what is left to keep their other tokens out is the audience and the marks of an ID token.
 */
export const accessTokenTypes = ['at+jwt', 'JWT'] as const;
export type AccessTokenType = (typeof accessTokenTypes)[number];

// RFC 7515 4.1.9: application/ may be left out, and media types are compared without their case.
const shortType = (typ: string): string => typ.toLowerCase().replace(/^application\//, '');

/** Whether a token with this typ in its header is taken for an access token. */
export const isAccessTokenType = (typ: unknown, accepted: AccessTokenType): boolean => {
  if (typ === undefined) return accepted === 'JWT';
  if (typeof typ !== 'string') return false;
  const short = shortType(typ);
  return short === 'at+jwt' || (accepted === 'JWT' && short === 'jwt');
};

type Claims = Readonly<Record<string, unknown>>;

// OpenID Connect Core 3.1.3.6 (at_hash), 3.3.2.11 (c_hash); Back-Channel Logout 2.4 (events); Cognito (token_use);
// Keycloak (a typ among the claims).
const otherKinds: ReadonlySet<unknown> = new Set(['id', 'refresh', 'offline', 'logout']);
const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

/** Whether the claims are those of an ID token, a refresh token or a logout token, whatever the header says. */
export const isOtherToken = (claims: Claims): boolean =>
  ['at_hash', 'c_hash', 'events'].some((name) => Object.hasOwn(claims, name)) ||
  otherKinds.has(lower(claims.token_use)) ||
  otherKinds.has(lower(claims.typ));

/** The same address however it is spelt: case of the host, default port, a slash at the end. Other texts are themselves. */
const sameAddress = (value: string): string => {
  const url = /^https?:/i.test(value) ? URL.parse(value) : null;
  return url && url.search === '' && url.hash === '' ? url.href.replace(/\/$/, '') : value;
};

/**
 * Whether a token is for us. RFC 7519 4.1.3: the audience is one text or a list that holds us; RFC 9068 4. Whoever else
 * it is for could bring it here, so others are only the issuer itself and what lies below it, such as its userinfo.
 * @param own what we are called
 */
export const isForUs = (aud: unknown, own: string, issuer: string): boolean => {
  const named: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const us = sameAddress(own);
  const theirs = issuer.replace(/\/$/, '');
  const ours = (one: string) => sameAddress(one) === us;
  const ofIssuer = (one: string) => one === theirs || one.startsWith(`${theirs}/`);
  const texts = named.filter((one) => typeof one === 'string');
  return texts.length === named.length && texts.some(ours) && texts.every((one) => ours(one) || ofIssuer(one));
};

const words = (value: unknown): string[] => {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.flatMap((one) => (typeof one === 'string' ? one.split(/\s+/) : [])).filter((word) => word !== '');
};

const own = (claims: Claims, name: string): unknown => (Object.hasOwn(claims, name) ? claims[name] : undefined);

/** The scopes of a token: RFC 9068 2.2.3 has one text in `scope`; some issuers write a list, or `scp`. */
export const scopesOfToken = (claims: Claims): string[] => {
  const scope = words(own(claims, 'scope'));
  return scope.length > 0 ? scope : words(own(claims, 'scp'));
};

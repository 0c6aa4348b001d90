/** From an Authorization header to a caller. Knows no web framework. */
import { jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { clockToleranceSeconds, isAccessTokenType, isForUs, isOtherToken } from '../../../contracts/access-token.ts';
import { impliedScopes, type Scope, scopes, scopesOfRoles } from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import { AuthError } from './auth-error.ts';
import type { Caller, Person } from './caller.ts';
import { secretDigest } from './digest.ts';
import type { Elevation, Elevations } from './elevations.ts';
import type { TokenClaims } from './token-claims.ts';
import { asRefusal } from './token-failure.ts';
import type { TokenSource } from './token-source.ts';

export interface TokenVerifier {
  /**
   * @param authorization the header's value
   * @throws AuthError when there is no token or it is refused
   * @throws CountersignError store_unavailable when it cannot be told whether it was revoked
   */
  verify(authorization: string | undefined): Promise<Caller>;
  /** The caller as of now, not as of the last five seconds: before telling them that a scope is missing. */
  current(caller: Caller): Promise<Caller>;
}

interface Parts {
  readonly source: TokenSource;
  readonly elevations: Pick<Elevations, 'find'>;
  readonly config: Pick<Config, 'RESOURCES' | 'TOOL_PACKS'>;
  readonly now: () => Date;
}

/** Who a token's caller is, and until when that may be relied on. */
interface Standing {
  readonly caller: Caller;
  /** Epoch seconds. */
  readonly until: number;
}

/** A verified token, and the latest look at who it makes the caller. */
interface Known {
  readonly claims: TokenClaims;
  standing?: Promise<Standing>;
}

const rememberedTokens = 10_000;
// How long a revocation made on another task may go unnoticed.
const standingSeconds = 5;

const tokenOf = (authorization: string | undefined): string => {
  if (authorization === undefined || authorization === '') throw new AuthError('missing');
  const token = /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization)?.[1];
  if (token === undefined) throw new AuthError('malformed');
  return token;
};

/**
 * Granted and raised scopes with what they imply, less those of packs that are off and what the person's roles do not
 * allow.
 * @param granted scopes that the token gives now
 */
const effectiveScopes = (
  person: Person,
  granted: readonly Scope[],
  raised: readonly Scope[],
  packs: readonly string[],
): ReadonlySet<Scope> => within(impliedScopes([...granted, ...raised], packs), scopesOfRoles(person.roles, packs));

const within = (held: ReadonlySet<Scope>, allowed: ReadonlySet<Scope>): ReadonlySet<Scope> =>
  new Set([...held].filter((scope) => allowed.has(scope)));

/** Tokens that were verified, each once however many calls bring it. */
const createReader = ({ source, config, now }: Parts) => {
  const tokens = new LRUCache<string, Known>({ max: rememberedTokens });
  // Beside the cache, which bad tokens must not fill.
  const reading = new Map<string, Promise<Known>>();

  const read = async (token: string): Promise<Known> => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, source.key, {
        ...source.accept,
        clockTolerance: clockToleranceSeconds,
        currentDate: now(),
      });
      const { issuer } = source.accept;
      if (!config.RESOURCES.some((own) => isForUs(payload.aud, own, issuer))) throw new AuthError('audience');
      if (!isAccessTokenType(protectedHeader.typ, source.tokenType) || isOtherToken(payload))
        throw new AuthError('type');
      return { claims: source.claimsOf(payload) };
    } catch (error) {
      throw asRefusal(error);
    }
  };

  return async (token: string): Promise<Known> => {
    const hash = secretDigest(token);
    const known = tokens.get(hash);
    if (known) return known;
    const started = reading.get(hash) ?? read(token).finally(() => reading.delete(hash));
    reading.set(hash, started);
    const verified = await started;
    tokens.set(hash, verified);
    return verified;
  };
};

/** Looks at who a token's caller is now: its grant, its person, what was raised. */
const look = async ({ source, elevations, config, now }: Parts, { claims }: Known): Promise<Standing> => {
  const at = now().getTime() / 1000;
  const [active, person, elevation] = await Promise.all([
    source.isActive(claims),
    source.personOf(claims),
    elevations.find(claims.sub, claims.client_id),
  ]);
  if (!active || !person) throw new AuthError('revoked');
  const freshUntil = source.freshUntil(claims, at);
  return {
    caller: callerOf(claims, person, { fresh: freshUntil > at, elevation, packs: config.TOOL_PACKS }),
    until: Math.min(
      at + standingSeconds,
      elevation?.until ?? Number.POSITIVE_INFINITY,
      freshUntil > at ? freshUntil : Number.POSITIVE_INFINITY,
    ),
  };
};

export const createTokenVerifier = (parts: Parts): TokenVerifier => {
  const read = createReader(parts);
  const callers = new WeakMap<Caller, Known>();
  const seconds = () => parts.now().getTime() / 1000;

  const refresh = async (known: Known): Promise<Caller> => {
    const standing = look(parts, known);
    known.standing = standing;
    try {
      const { caller } = await standing;
      callers.set(caller, known);
      return caller;
    } catch (error) {
      // A refusal or a fault is not kept: the next call asks again.
      if (known.standing === standing) delete known.standing;
      throw error;
    }
  };

  const callerOfNow = async (known: Known): Promise<Caller> => {
    const seen = known.standing;
    if (!seen) return refresh(known);
    const { caller, until } = await seen;
    if (until > seconds()) return caller;
    // Of several calls that found it too old, the first looks again and the others wait for that.
    return known.standing === seen ? refresh(known) : callerOfNow(known);
  };

  return {
    async verify(authorization) {
      const known = await read(tokenOf(authorization));
      if (known.claims.exp <= seconds()) throw new AuthError('expired');
      return callerOfNow(known);
    },
    async current(caller) {
      const known = callers.get(caller);
      if (!known) throw new Error('this caller was not made by this verifier');
      return refresh(known);
    },
  };
};

interface Seen {
  /** Whether the token's sign-in is proven to be new enough for more than reading. */
  readonly fresh: boolean;
  readonly elevation: Elevation | undefined;
  /** Names of the packs that are enabled. */
  readonly packs: readonly string[];
}

const callerOf = (claims: TokenClaims, person: Person, { fresh, elevation, packs }: Seen): Caller => {
  const named = [...impliedScopes(claims.scope.split(' '), packs)];
  const granted = fresh ? named : named.filter((scope) => !scopes[scope].elevated);
  return {
    ...person,
    ...(!fresh && { unproven: named.filter((scope) => scopes[scope].elevated) }),
    clientId: claims.client_id,
    grantId: claims.gid,
    scopes: effectiveScopes(person, granted, elevation?.scopes ?? [], packs),
    authenticatedAt: claims.auth_time,
    expiresAt: claims.exp,
  };
};

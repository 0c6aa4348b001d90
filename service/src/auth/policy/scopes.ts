/** Which scopes a token may carry, for how long, and for which resource. */
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import { baselineOf, impliedScopes, isScope, offeredScopes, type Scope, scopes } from '../../../../contracts/scopes.ts';
import type { Config } from '../../config.ts';
import { signingAlgorithm } from '../signing-key.ts';

type ScopeConfig = Pick<
  Config,
  'RESOURCE' | 'RESOURCES' | 'READ_TOKEN_SECONDS' | 'ELEVATED_TOKEN_SECONDS' | 'TOOL_PACKS'
>;

const words = (scope: unknown): string[] => (typeof scope === 'string' ? [...new Set(scope.split(' '))] : []);

/**
 * The scopes of a scope parameter that the enabled packs offer. Left out are others, such as offline_access, and those of
 * a pack that is off.
 */
export const requestedScopes = (scope: unknown, packs: readonly string[]): Scope[] => {
  const offered: ReadonlySet<string> = new Set(offeredScopes(packs));
  return words(scope)
    .filter(isScope)
    .filter((name) => offered.has(name));
};

/** The scopes with what they imply that does not fade. */
export const withImplied = (names: readonly Scope[], packs: readonly string[]): Scope[] => {
  const implied = impliedScopes(names, packs);
  const baseline = baselineOf(packs);
  return offeredScopes(packs).filter((name) => names.includes(name) || (implied.has(name) && baseline.includes(name)));
};

/** Of any pack, enabled or not. */
export const isElevated = (scope: unknown): boolean =>
  words(scope)
    .filter(isScope)
    .some((name) => scopes[name].elevated);

/**
 * Seconds that are left of the elevation that began with a sign-in. It fades: a token refreshed later has reading
 * scopes only, and the next change makes the client step up again.
 */
export const elevationLeft = (authTime: number | undefined, now: Date, config: ScopeConfig): number =>
  (authTime ?? 0) + config.ELEVATED_TOKEN_SECONDS - Math.floor(now.getTime() / 1000);

const refreshed = (ctx: KoaContextWithOIDC | undefined) =>
  ctx?.oidc.route === 'token' ? (ctx.oidc.entities.RotatedRefreshToken ?? ctx.oidc.entities.RefreshToken) : undefined;

/** RFC 8707: one resource, named exactly as one of its names. */
export const resourceServer =
  (config: ScopeConfig, now: () => Date) =>
  (ctx: KoaContextWithOIDC, resource: string): ResourceServer => {
    if (!config.RESOURCES.includes(resource)) throw new errors.InvalidTarget(`the resource is ${config.RESOURCE}`);
    const token = refreshed(ctx);
    const faded = token !== undefined && elevationLeft(token.authTime, now(), config) <= 0;
    return {
      scope: (faded ? baselineOf : offeredScopes)(config.TOOL_PACKS).join(' '),
      audience: resource,
      accessTokenFormat: 'jwt',
      jwt: { sign: { alg: signingAlgorithm } },
    };
  };

/** Time to read the consent page, which the first token of a sign-in is not shortened by. */
const consentSeconds = 60;

/** Seconds an access token lives: short with any elevated scope, and no longer than its sign-in allows. */
export const accessTokenSeconds =
  (config: ScopeConfig, now: () => Date) =>
  (ctx: KoaContextWithOIDC | undefined, token: { readonly scope?: string | undefined }): number => {
    if (!isElevated(token.scope)) return config.READ_TOKEN_SECONDS;
    const most = config.ELEVATED_TOKEN_SECONDS;
    const code = ctx?.oidc.entities.AuthorizationCode;
    if (code) return Math.max(1, Math.min(most, elevationLeft(code.authTime, now(), config) + consentSeconds));
    const from = refreshed(ctx);
    return from ? Math.max(1, Math.min(most, elevationLeft(from.authTime, now(), config))) : most;
  };

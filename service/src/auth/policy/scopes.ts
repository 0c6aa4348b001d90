/** Which scopes a token may carry, for how long, and for which resource. */
import { errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import {
  baselineScopes,
  elevatedScopes,
  impliedScopes,
  isScope,
  type Scope,
  scopeNames,
} from '../../../../contracts/scopes.ts';
import type { Config } from '../../config.ts';
import { signingAlgorithm } from '../signing-key.ts';

type ScopeConfig = Pick<Config, 'RESOURCE' | 'RESOURCES' | 'READ_TOKEN_SECONDS' | 'ELEVATED_TOKEN_SECONDS'>;

/** The scopes of this service in a scope parameter; others, such as offline_access, are left out. */
export const requestedScopes = (scope: unknown): Scope[] =>
  typeof scope === 'string' ? [...new Set(scope.split(' '))].filter(isScope) : [];

/** The scopes with what they imply that does not fade. */
export const withImplied = (names: readonly Scope[]): Scope[] => {
  const implied = impliedScopes(names);
  return scopeNames.filter((name) => names.includes(name) || (implied.has(name) && baselineScopes.includes(name)));
};

export const isElevated = (scope: unknown): boolean =>
  requestedScopes(scope).some((name) => elevatedScopes.includes(name));

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
      scope: (faded ? baselineScopes : scopeNames).join(' '),
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

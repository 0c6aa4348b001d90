/** The answers to a missing, bad or too weak token: status, headers and JSON body, for any kind of server. */

import { routes } from '../../../contracts/routes.ts';
import {
  askedFor,
  baselineOf,
  missingScopes,
  offeredRoles,
  type Scope,
  scopeNames,
  scopesOfRoles,
} from '../../../contracts/scopes.ts';
import type { Config } from '../config.ts';
import type { AuthError } from './auth-error.ts';
import type { Caller } from './caller.ts';

export interface Challenge {
  readonly status: 401 | 403;
  readonly headers: Readonly<Partial<Record<'www-authenticate' | 'cache-control', string>>>;
  readonly body: Readonly<Record<string, unknown>>;
}

type ChallengeConfig = Pick<Config, 'PUBLIC_URL' | 'TOOL_PACKS'> & {
  /** The origin that was asked, where the service has several names. Default: PUBLIC_URL. */
  readonly asked?: string;
};

/** Where the metadata of /mcp is; RFC 9728 3.1 puts the resource's path after the well-known one. */
export const resourceMetadataUrl = (config: Pick<ChallengeConfig, 'PUBLIC_URL' | 'asked'>): string =>
  (config.asked ?? config.PUBLIC_URL) + routes.resourceMetadataForMcp.path;

// Values are this file's own words and scope names: RFC 9110 5.6.4 needs no escapes for them.
const bearer = (parameters: Readonly<Record<string, string>>): Challenge['headers'] => ({
  'www-authenticate': `Bearer ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`,
  'cache-control': 'no-store',
});

/** 401. Names reading scopes only: what more is needed, a call will tell. */
export const unauthorizedChallenge = (error: AuthError, config: ChallengeConfig): Challenge => {
  // RFC 6750 3.1: a request without credentials is told no error.
  const reason: Record<string, string> =
    error.reason === 'missing' ? {} : { error: 'invalid_token', error_description: error.message };
  return {
    status: 401,
    headers: bearer({
      ...reason,
      scope: baselineOf(config.TOOL_PACKS).join(' '),
      resource_metadata: resourceMetadataUrl(config),
    }),
    body: {
      error: 'invalid_token',
      message: `${error.message}. Sign in through the authorization server named in resource_metadata`,
      resource_metadata: resourceMetadataUrl(config),
    },
  };
};

/** The page where the person raises these scopes for a client that cannot ask for more by itself. */
export const stepUpUrl = (clientId: string, needed: readonly Scope[], config: ChallengeConfig): string => {
  const url = new URL(routes.stepUp.path, config.PUBLIC_URL);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('scope', needed.join(' '));
  return url.href;
};

/** The needed scopes that no sign-in and no consent could give this person, because their roles do not allow them. */
export const forbiddenScopes = (
  { roles }: Pick<Caller, 'roles'>,
  needed: readonly Scope[],
  packs: readonly string[],
): Scope[] => {
  const allowed = scopesOfRoles(roles, packs);
  return needed.filter((name) => !allowed.has(name));
};

/**
 * The needed scopes as a person may ask for them. One that is implied only is had by asking for what implies it, as far
 * as the person's roles allow that.
 */
export const namedScopes = (
  { roles }: Pick<Caller, 'roles'>,
  needed: readonly Scope[],
  packs: readonly string[],
): Scope[] => {
  const allowed = scopesOfRoles(roles, packs);
  const ways = needed.flatMap((name) => {
    const ways = askedFor(name, packs);
    const open = ways.filter((way) => allowed.has(way));
    return open.length > 0 ? open : ways;
  });
  return [...new Set(ways)];
};

/** 403 without a challenge: a client that stepped up would be refused again, and send its person around in vain. */
const accessDenied = (
  caller: Pick<Caller, 'scopes' | 'roles'>,
  needed: readonly Scope[],
  forbidden: readonly Scope[],
  packs: readonly string[],
): Challenge => ({
  status: 403,
  headers: { 'cache-control': 'no-store' },
  body: {
    error: 'access_denied',
    message: `Your roles (${caller.roles.join(', ') || 'none'}) do not include ${namedScopes(caller, forbidden, packs).join(' and ')}. Ask an administrator, then sign in again`,
    roles_that_allow_it: offeredRoles(packs).filter((role) =>
      forbidden.every((name) => scopesOfRoles([role], packs).has(name)),
    ),
    required_scope: namedScopes(caller, needed, packs).join(' '),
    granted_scopes: scopeNames.filter((name) => caller.scopes.has(name)),
  },
});

/**
 * 403. The challenge names granted and needed scopes together: clients ask for exactly what it names, and must not lose
 * what they have. There is none where the person's roles do not allow what is needed.
 */
export const insufficientScopeChallenge = (
  caller: Pick<Caller, 'clientId' | 'scopes' | 'roles' | 'unproven'>,
  needed: readonly Scope[],
  config: ChallengeConfig,
): Challenge => {
  const { TOOL_PACKS: packs } = config;
  const forbidden = forbiddenScopes(caller, needed, packs);
  if (forbidden.length > 0) return accessDenied(caller, needed, forbidden, packs);
  const named = namedScopes(caller, needed, packs);
  const union = new Set([...caller.scopes, ...named]);
  const scope = scopeNames.filter((name) => union.has(name)).join(' ');
  const missing = namedScopes(caller, missingScopes(caller.scopes, needed), packs);
  return {
    status: 403,
    headers: bearer({
      error: 'insufficient_scope',
      error_description: `This call needs ${missing.join(' and ')}`,
      scope,
      resource_metadata: resourceMetadataUrl(config),
    }),
    body: {
      error: 'insufficient_scope',
      message: missing.some((name) => caller.unproven?.includes(name))
        ? `This call needs ${missing.join(' and ')}, after a new sign-in. Your token does not prove one by its auth_time. Sign in again with your client, or open step_up_url`
        : `This call needs ${missing.join(' and ')}. Step up with your client, or open step_up_url and sign in again`,
      required_scope: named.join(' '),
      granted_scopes: scopeNames.filter((name) => caller.scopes.has(name)),
      step_up_url: stepUpUrl(caller.clientId, missing, config),
    },
  };
};

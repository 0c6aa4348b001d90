/** What an authorization request may leave out, and what of it may be left aside (RFC 6749 3.1). */
import { baselineOf } from '../../../../contracts/scopes.ts';
import type { Middleware } from './middleware.ts';
import { requestedScopes, withImplied } from './scopes.ts';

type Query = Readonly<Record<string, string | string[] | undefined>>;

/**
 * A client that names no scope of this service gets reading; without one the authorization server would grant nothing
 * and refuse. One that names only more gets what that implies, which stays when the rest has faded.
 */
const scopeOf = (scope: Query[string], packs: readonly string[]): Query[string] => {
  if (Array.isArray(scope)) return scope;
  const asked = (scope ?? '').split(' ').filter((name) => name !== '');
  const own = requestedScopes(scope, packs);
  return [...new Set([...asked, ...(own.length === 0 ? baselineOf(packs) : withImplied(own, packs))])].join(' ');
};

const prompts: ReadonlySet<string> = new Set(['none', 'login', 'consent']);

/** OpenID Connect Core 3.1.2.1: whom to sign in is chosen at the sign-in, so choosing an account is signing in again. */
const promptOf = (prompt: string, maxAge: string | undefined): string | undefined => {
  const asked = prompt.split(' ').map((value) => (value === 'select_account' ? 'login' : value));
  // An age that cannot be kept to asks for the strictest.
  if (maxAge !== undefined && !asked.includes('none')) asked.push('login');
  return [...new Set(asked)].filter((value) => prompts.has(value)).join(' ') || undefined;
};

/** Hints and members that mean nothing here and would end the request when they are not as the library expects. */
const leftAside = ['id_token_hint', 'registration', 'prompt'];
/** Those that the library refuses of a client that asks for no ID token, to which they mean nothing. */
const ofIdTokens = ['acr_values', 'claims', 'claims_locales', 'nonce'];

const mended = (query: Query, packs: readonly string[]): Query => {
  const { prompt = '', max_age: maxAge } = query;
  const scope = scopeOf(query.scope, packs);
  const wantsIdToken = String(scope).split(' ').includes('openid');
  const unread =
    maxAge === undefined || Array.isArray(maxAge) || (wantsIdToken && /^\d{1,9}$/.test(maxAge)) ? undefined : maxAge;
  const dropped = new Set([
    ...leftAside,
    ...(wantsIdToken ? [] : ofIdTokens),
    ...(unread === undefined ? [] : ['max_age']),
  ]);
  const kept = Object.entries(query).filter(([name]) => !dropped.has(name));
  const asked = Array.isArray(prompt) ? prompt : promptOf(prompt, unread);
  return { ...Object.fromEntries(kept), scope, ...(asked !== undefined && { prompt: asked }) };
};

/** Runs before the authorization server reads the request. @param packs names of those that are enabled */
export const authorizationRequest =
  (authorizationPath: string, packs: readonly string[]): Middleware =>
  async (ctx, next) => {
    if (ctx.method === 'GET' && ctx.path === authorizationPath) ctx.query = mended(ctx.query, packs);
    await next();
  };

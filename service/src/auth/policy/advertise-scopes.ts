import { offeredScopes } from '../../../../contracts/scopes.ts';
import type { Middleware } from './middleware.ts';

/**
 * RFC 8414 2: scopes_supported of the authorization server names all that the enabled packs offer. The library names only those it was
 * configured with, and scopes of a resource are none of them. The resource's own metadata names reading only.
 */
export const advertiseScopes =
  (packs: readonly string[]): Middleware =>
  async (ctx, next) => {
    await next();
    const { body } = ctx;
    if (ctx.oidc?.route !== 'discovery' || typeof body !== 'object' || body === null) return;
    const named: unknown = Reflect.get(body, 'scopes_supported');
    ctx.body = { ...body, scopes_supported: [...(Array.isArray(named) ? named : []), ...offeredScopes(packs)] };
  };

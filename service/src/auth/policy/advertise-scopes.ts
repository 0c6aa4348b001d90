import { scopeNames } from '../../../../contracts/scopes.ts';
import type { Middleware } from './middleware.ts';

/**
 * RFC 8414 2: scopes_supported of the authorization server names all there are. The library names only those it was
 * configured with, and scopes of a resource are none of them. The resource's own metadata names reading only.
 */
export const advertiseScopes: Middleware = async (ctx, next) => {
  await next();
  const { body } = ctx;
  if (ctx.oidc?.route !== 'discovery' || typeof body !== 'object' || body === null) return;
  const named: unknown = Reflect.get(body, 'scopes_supported');
  ctx.body = { ...body, scopes_supported: [...(Array.isArray(named) ? named : []), ...scopeNames] };
};

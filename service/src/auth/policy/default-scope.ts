import { baselineScopes } from '../../../../contracts/scopes.ts';
import type { Middleware } from './middleware.ts';

/** A client that names no scope gets reading; without one the authorization server would grant nothing and refuse. */
export const defaultScope =
  (authorizationPath: string): Middleware =>
  async (ctx, next) => {
    if (ctx.method === 'GET' && ctx.path === authorizationPath && !ctx.query.scope)
      ctx.query = { ...ctx.query, scope: baselineScopes.join(' ') };
    await next();
  };

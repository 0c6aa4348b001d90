import type { Logger } from 'pino';
import { CountersignError } from '../../errors.ts';
import type { Middleware } from './middleware.ts';

/** What fails outside the authorization server's own handlers is answered like a fault inside them, and tells as little. */
export const answerFaults =
  (log: Logger): Middleware =>
  async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      log.error({ err: error, path: ctx.path }, 'authorization server failed');
      const away = error instanceof CountersignError && error.status === 503;
      ctx.status = away ? 503 : 500;
      if (away) ctx.set('retry-after', '5');
      ctx.body = { error: away ? 'temporarily_unavailable' : 'server_error' };
    }
  };

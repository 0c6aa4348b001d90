import type { Logger } from 'pino';
import { CountersignError } from '../../errors.ts';
import type { Middleware } from './middleware.ts';

/** What fails outside the authorization server's own handlers is answered like a fault inside them, and tells as little. */
export const answerFaults =
  (log: Logger): Middleware =>
  async (ctx, next) => {
    try {
      await next();
      // The library leaves a path it does not know to the framework, which answers plain text.
      if (ctx.status !== 404 || ctx.body) return;
      ctx.status = 404;
      ctx.body = { error: 'invalid_request', error_description: 'There is no such endpoint, or not with this method.' };
    } catch (error) {
      log.error({ err: error, path: ctx.path }, 'authorization server failed');
      const away = error instanceof CountersignError && error.status === 503;
      ctx.status = away ? 503 : 500;
      if (away) ctx.set('retry-after', '5');
      ctx.body = away
        ? { error: 'temporarily_unavailable', error_description: 'The service cannot reach its records. Try again.' }
        : { error: 'server_error', error_description: 'Something went wrong here.' };
    }
  };

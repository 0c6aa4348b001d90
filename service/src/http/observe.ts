/** What every answered request leaves behind: one line in the log, one count, one duration. */
import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics.ts';

export const addObservation = (scope: FastifyInstance, { metrics }: { readonly metrics: Metrics }): void => {
  scope.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the path: a metric's dimensions come from a closed set.
    const route = request.routeOptions.url ?? 'unmatched';
    const { statusCode, elapsedTime } = reply;
    metrics.count('RequestCount', { Route: route, StatusClass: `${Math.floor(statusCode / 100)}xx` });
    metrics.observe('RequestDuration', { Route: route }, elapsedTime);
    request.log.info(
      { method: request.method, route, status: statusCode, milliseconds: Math.round(elapsedTime) },
      'answered',
    );
    done();
  });
};

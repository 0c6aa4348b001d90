/** What every answered request leaves behind: one line in the log, one count, one duration. */
import type { FastifyInstance } from 'fastify';
import type { LogLine } from '../../../contracts/logs.ts';
import { routes } from '../../../contracts/routes.ts';
import type { Metrics } from '../ports/metrics.ts';

/** Every balancer probes every few seconds; lines about probes that are well would hide the others. */
const probes: ReadonlySet<string> = new Set([routes.health.path, routes.ready.path]);

export const addObservation = (scope: FastifyInstance, { metrics }: { readonly metrics: Metrics }): void => {
  scope.addHook('onResponse', (request, reply, done) => {
    // The pattern, never the path: a metric's dimensions come from a closed set.
    const route = request.routeOptions.url ?? 'unmatched';
    const { statusCode, elapsedTime } = reply;
    metrics.count('RequestCount', { Route: route, StatusClass: `${Math.floor(statusCode / 100)}xx` });
    metrics.observe('RequestDuration', { Route: route }, elapsedTime);
    const level = probes.has(route) && statusCode < 400 ? 'debug' : 'info';
    const line: LogLine<'answered'> = {
      method: request.method,
      route,
      status: statusCode,
      milliseconds: Math.round(elapsedTime),
      ip: request.ip,
    };
    request.log[level](line, 'answered');
    done();
  });
};

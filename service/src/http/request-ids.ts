/**
 * Every request has an id of the service's own making: it is answered, logged and audited. An id that the caller sends
 * may be anybody's, so it is kept beside ours and never in its place.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';

// Characters that mean nothing to a log, a header or a page.
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

/** For Fastify's `genReqId`. `request.id` is then the correlation id of everything the request leads to. */
export const requestId = (): string => randomUUID();

/** What the caller calls the request, if that can be written anywhere: X-Request-Id, else X-Correlation-Id. */
export const callerRequestId = ({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined =>
  [headers['x-request-id'], headers['x-correlation-id']].find(
    (given): given is string => typeof given === 'string' && wellFormed.test(given),
  );

/** For Fastify's `childLoggerFactory`: each line of a request carries both ids. */
export const requestLogger: NonNullable<FastifyServerOptions['childLoggerFactory']> = (
  log,
  bindings,
  options,
  request,
) => {
  const given = callerRequestId(request);
  return log.child(given === undefined ? bindings : { ...bindings, callerRequestId: given }, options);
};

/** Answers our id. On the raw response, so that answers which bypass Fastify's reply carry it too. */
export const addRequestIds = (scope: FastifyInstance): void => {
  scope.addHook('onRequest', (request, reply, done) => {
    reply.raw.setHeader('x-request-id', request.id);
    done();
  });
};

/** Every request has an id: the caller's own if it is well formed, else a new one. It is echoed, logged and audited. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

// Long enough to be unlikely to repeat, and of characters that mean nothing to a log, a header or a page.
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9._:-]{7,127}$/;

/** For Fastify's `genReqId`. `request.id` is then the correlation id of everything the request leads to. */
export const requestId = (request: IncomingMessage): string => {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && wellFormed.test(given) ? given : randomUUID();
};

/** Echoes the id. On the raw response, so that answers which bypass Fastify's reply carry it too. */
export const addRequestIds = (scope: FastifyInstance): void => {
  scope.addHook('onRequest', (request, reply, done) => {
    reply.raw.setHeader('x-request-id', request.id);
    done();
  });
};

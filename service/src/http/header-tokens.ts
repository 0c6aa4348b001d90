/** Takes the headers with people's access tokens off each request, so that nothing behind the edge can log or hand them on. */
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { keepTokens } from '../credentials/header-tokens.ts';
import { originOf } from './origin.ts';

/** Removes a header in every form in which Node tells of it. */
const strip = (message: IncomingMessage, name: string): string | undefined => {
  const value = message.headers[name];
  delete message.headers[name];
  // Before rawHeaders lose a line: Node makes it of them when it is first read, and counts on as many as arrived. What a Lambda
  // function or a test injects has none.
  const distinct: Partial<typeof message.headersDistinct> | undefined = message.headersDistinct;
  if (distinct !== undefined) delete distinct[name];
  for (let at = message.rawHeaders.length - 2; at >= 0; at -= 2)
    if (message.rawHeaders[at]?.toLowerCase() === name) message.rawHeaders.splice(at, 2);
  // Node joins what is sent twice with a comma, which no token has.
  return typeof value === 'string' ? value.trim() : undefined;
};

/** Register it after addOrigins. @param headers in lower case */
export const addHeaderTokens = (scope: FastifyInstance, headers: readonly string[]): void => {
  if (headers.length === 0) return;
  scope.addHook('onRequest', (request, _reply, done) => {
    const sent = headers.map((name) => [name, strip(request.raw, name)] as const);
    const tokens = sent.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    keepTokens(originOf(request), new Map(tokens));
    done();
  });
};

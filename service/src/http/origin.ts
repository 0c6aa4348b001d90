import type { FastifyRequest } from 'fastify';
import type { Origin } from '../call.ts';

/** Characters of a User-Agent that are kept: clients choose its length. */
const mostCharacters = 300;

/** Where a request came from, as its audit records say. Behind TRUSTED_PROXIES the address is the client's own. */
export const originOf = ({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): Origin => ({
  kind: 'request',
  ipAddress: ip,
  userAgent: headers['user-agent']?.slice(0, mostCharacters),
});

/**
 * What API Gateway's authorizer found out about a caller. The headers are believed when the request came over the
 * private path from the gateway, which overwrites them, and from nobody else.
 */
import { BlockList, isIPv4 } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type CallerFacts,
  callerFacts,
  callerHeaders,
  clientAddressHeader,
  decodeFact,
  gatewayHeaders,
} from '../../../contracts/gateway.ts';

/** The facts of a request that came through the gateway; undefined for any other. */
export type GatewayContext = (request: FastifyRequest) => CallerFacts | undefined;

/**
 * Whether a request's address lies in one of the blocks. All of them lie among the trusted proxies, so such an
 * address means that nobody outside is in the chain of X-Forwarded-For: no client and no CloudFront.
 */
export const cameFrom = (cidrs: readonly string[]): ((request: FastifyRequest) => boolean) => {
  const blocks = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', bits = '32'] = cidr.split('/');
    blocks.addSubnet(address, Number(bits), 'ipv4');
  }
  return ({ ip }) => {
    // A socket that listens on IPv6 too writes ::ffff:10.0.0.1; what a client wrote into X-Forwarded-For may be anything.
    const address = ip.replace(/^::ffff:/, '');
    return isIPv4(address) && blocks.check(address, 'ipv4');
  };
};

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const factsOf = ({ headers }: FastifyRequest): CallerFacts =>
  Object.fromEntries(
    callerFacts
      .map((fact) => [fact, decodeFact(textOf(headers[callerHeaders[fact]]))] as const)
      .filter(([, value]) => value !== undefined),
  );

/** Reads the headers of requests that `trusts` lets, and takes them off every request. Register it before what reads addresses. */
export const addGatewayContext = (
  scope: FastifyInstance,
  trusts: (request: FastifyRequest) => boolean,
): GatewayContext => {
  const contexts = new WeakMap<FastifyRequest, CallerFacts>();
  scope.addHook('onRequest', (request, _reply, done) => {
    const { headers } = request.raw;
    if (trusts(request)) {
      const facts = factsOf(request);
      if (Object.keys(facts).length > 0) contexts.set(request, facts);
      const address = decodeFact(textOf(headers[clientAddressHeader]));
      // Otherwise all clients of the gateway would share its address, and its limits.
      if (address !== undefined) headers['x-forwarded-for'] = address;
    }
    for (const name of gatewayHeaders) delete headers[name];
    done();
  });
  return (request) => contexts.get(request);
};

/** How often one client address may ask each route that needs no token: sign-in, registration, metadata, pages. */
import type { FastifyInstance } from 'fastify';
import { type RouteContract, routes } from '../../../contracts/routes.ts';
import type { Ephemeral } from '../ephemeral.ts';
import { CountersignError } from '../errors.ts';

// Long enough for the bursts a page and its redirects make, short enough to wait for.
const windowSeconds = 10;

// Calls with a token are limited by person and client, and probes not at all.
const isLimited = (route: RouteContract): boolean =>
  route.auth !== 'bearer' && route.path !== routes.health.path && route.path !== routes.ready.path;

const rates = new Map<string, number>(
  Object.values(routes)
    .filter(isLimited)
    .map((route) => [`${route.method} ${route.path}`, route.rate]),
);

/** Holds each address to the contract's rate for the route, averaged over ten seconds. */
export const addAddressLimits = (scope: FastifyInstance, { ephemeral }: { readonly ephemeral: Ephemeral }): void => {
  scope.addHook('onRequest', async (request, reply) => {
    const path = request.routeOptions.url;
    const name = [`${request.method} ${path}`, `ANY ${path}`].find((candidate) => rates.has(candidate));
    const rate = name === undefined ? undefined : rates.get(name);
    if (rate === undefined) return;
    const { count, resetSeconds } = await ephemeral.count(`address:${request.ip}:${name}`, windowSeconds);
    if (count <= rate * windowSeconds) return;
    const seconds = Math.max(1, Math.ceil(resetSeconds));
    reply.header('retry-after', seconds);
    throw new CountersignError('rate_limited', `Too many requests from this address: wait ${seconds} s.`, {
      details: { retry_after_seconds: seconds },
    });
  });
};

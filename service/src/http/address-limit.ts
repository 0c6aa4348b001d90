/**
 * How often each route that needs no token may be asked: sign-in, consent, the OAuth endpoints, metadata, pages. One
 * browser is held to the contract's rate. A whole company may share one address, so that limit is generous and a setting.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RouteContract } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { createCookieJar } from '../auth/cookies.ts';
import { digest } from '../auth/digest.ts';
import { visitorCookie } from '../auth/forms.ts';
import { sessionCookie } from '../auth/web-sessions.ts';
import type { Config } from '../config.ts';
import { CountersignError } from '../errors.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import { networkOf } from './client-network.ts';

export interface AddressLimitParts {
  readonly ephemeral: Ephemeral;
  readonly config: Pick<Config, 'PUBLIC_URL' | 'ADDRESS_REQUESTS_PER_SECOND'>;
}

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

const nameOf = ({ method, routeOptions: { url } }: FastifyRequest): string | undefined =>
  // HEAD does all that GET does but for the body.
  [`${method === 'HEAD' ? 'GET' : method} ${url}`, `ANY ${url}`].find((candidate) => rates.has(candidate));

/** Adds the limits to all routes of the scope. They answer 429 with the seconds to wait and what would allow more. */
export const addAddressLimits = (scope: FastifyInstance, { ephemeral, config }: AddressLimitParts): void => {
  const jar = createCookieJar(config.PUBLIC_URL);
  const perAddress = config.ADDRESS_REQUESTS_PER_SECOND;
  const browserOf = ({ headers: { cookie } }: FastifyRequest): string | undefined =>
    jar.read(cookie, sessionCookie) ?? jar.read(cookie, visitorCookie);

  const hold = async (key: string, rate: number, reply: FastifyReply, words: (seconds: number) => string) => {
    const { count, resetSeconds } = await ephemeral.count(key, windowSeconds);
    if (count <= rate * windowSeconds) return;
    const seconds = Math.max(1, Math.ceil(resetSeconds));
    reply.header('retry-after', seconds);
    throw new CountersignError('rate_limited', words(seconds), { details: { retry_after_seconds: seconds } });
  };

  scope.addHook('onRequest', async (request, reply) => {
    const name = nameOf(request);
    const rate = name === undefined ? undefined : rates.get(name);
    if (rate === undefined) return;
    await hold(
      `address:${networkOf(request.ip)}:${name}`,
      perAddress,
      reply,
      (seconds) =>
        `Over ${perAddress} requests a second from this address: wait ${seconds} s. Whoever operates this service can allow more with ADDRESS_REQUESTS_PER_SECOND.`,
    );
    const browser = browserOf(request);
    if (browser === undefined) return;
    // No setting allows more to one browser: no person is faster.
    await hold(
      `browser:${digest(browser)}:${name}`,
      rate,
      reply,
      (seconds) => `Over ${rate} requests a second from this browser: wait ${seconds} s.`,
    );
  });
};

/**
 * How often each route that needs no token may be asked: sign-in, consent, the OAuth endpoints, metadata, pages. One
 * browser is held to the contract's rate. A whole company may share one address, so that limit is generous and a setting.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PackRoute, WebhookRoute } from '../../../contracts/packs/pack.ts';
import type { RouteContract } from '../../../contracts/route.ts';
import { routes } from '../../../contracts/routes.ts';
import { createCookieJar } from '../auth/cookies.ts';
import { secretDigest } from '../auth/digest.ts';
import { visitorCookie } from '../auth/forms.ts';
import { sessionCookie } from '../auth/web-sessions.ts';
import type { Config } from '../config.ts';
import { CountersignError, type ErrorCode } from '../errors.ts';
import type { Ephemeral } from '../ports/ephemeral.ts';
import { networkOf } from './client-network.ts';

export interface AddressLimitParts {
  readonly ephemeral: Ephemeral;
  readonly config: Pick<Config, 'PUBLIC_URL' | 'ADDRESS_REQUESTS_PER_SECOND'>;
  /** Routes of the enabled packs. */
  readonly packRoutes: readonly PackRoute[];
}

// Long enough for the bursts a page and its redirects make, short enough to wait for.
const windowSeconds = 10;

// Calls with a token are limited by person and client, and probes not at all.
type Limited = Pick<RouteContract, 'method' | 'path' | 'auth' | 'rate'> & { readonly scheme?: WebhookRoute['scheme'] };
const isLimited = (route: Limited): boolean =>
  route.auth !== 'bearer' && route.path !== routes.health.path && route.path !== routes.ready.path;

/** By method and path. */
const limitedOf = (packRoutes: readonly PackRoute[]): ReadonlyMap<string, Limited> =>
  new Map(
    [...Object.values(routes), ...packRoutes]
      .filter(isLimited)
      .map((route) => [`${route.method} ${route.path}`, route]),
  );

const namesOf = ({ method, routeOptions: { url } }: FastifyRequest): readonly string[] =>
  // HEAD does all that GET does but for the body.
  [`${method === 'HEAD' ? 'GET' : method} ${url}`, `ANY ${url}`];

/** Adds the limits to all routes of the scope. They answer 429 with the seconds to wait and what would allow more. */
export const addAddressLimits = (
  scope: FastifyInstance,
  { ephemeral, config, packRoutes }: AddressLimitParts,
): void => {
  const limited = limitedOf(packRoutes);
  const jar = createCookieJar(config.PUBLIC_URL);
  const perAddress = config.ADDRESS_REQUESTS_PER_SECOND;
  const browserOf = ({ headers: { cookie } }: FastifyRequest): string | undefined =>
    jar.read(cookie, sessionCookie) ?? jar.read(cookie, visitorCookie);

  const hold = async (
    key: string,
    rate: number,
    reply: FastifyReply,
    words: (seconds: number) => string,
    code: ErrorCode = 'rate_limited',
  ) => {
    const { count, resetSeconds } = await ephemeral.count(key, windowSeconds);
    if (count <= rate * windowSeconds) return;
    const seconds = Math.max(1, Math.ceil(resetSeconds));
    reply.header('retry-after', seconds);
    throw new CountersignError(code, words(seconds), { details: { retry_after_seconds: seconds } });
  };

  scope.addHook('onRequest', async (request, reply) => {
    const name = namesOf(request).find((candidate) => limited.has(candidate));
    const route = limited.get(name ?? '');
    if (route === undefined) return;
    const { rate } = route;
    // A webhook has one sender, whose rate the contract knows.
    if (route.auth === 'webhook')
      return hold(
        `address:${networkOf(request.ip)}:${name}`,
        rate,
        reply,
        (seconds) => `Over ${rate} messages a second from this address: wait ${seconds} s.`,
        // Alertmanager drops what is answered 429, and tries again after 5xx (prometheus/alertmanager#2121).
        route.scheme === 'bearer' ? 'throttled' : 'rate_limited',
      );
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
      `browser:${secretDigest(browser)}:${name}`,
      rate,
      reply,
      (seconds) => `Over ${rate} requests a second from this browser: wait ${seconds} s.`,
    );
  });
};

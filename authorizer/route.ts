/** The route that is asked for, from the contract. */
import { routeKey } from '../contracts/gateway.ts';
import type { RouteContract } from '../contracts/route.ts';
import { routes } from '../contracts/routes.ts';
import { Refusal } from './refusal.ts';

const authorized = new Map<string, RouteContract>(
  Object.values<RouteContract>(routes)
    .filter(({ auth, facade }) => facade && auth === 'bearer')
    .map((route) => [routeKey(route), route]),
);

/** @throws Refusal for a route that this authorizer does not stand before */
export const routeOf = (key: string): RouteContract => {
  const route = authorized.get(key);
  if (!route) throw new Refusal('unknown_route');
  return route;
};

/** The routes that open packs serve, and whether they are those of their contracts. */
import type { PackRoute } from '../../../contracts/packs/pack.ts';
import { canonicalJson } from '../canonical.ts';
import type { PackPage } from './page.ts';
import type { PackWebhook } from './webhook.ts';

/** What of a pack has routes. */
export interface Routed {
  readonly pages?: readonly PackPage[];
  readonly webhooks?: readonly PackWebhook[];
}

/** Pages, their forms, and webhooks. */
export const routesServedBy = ({ pages = [], webhooks = [] }: Routed): PackRoute[] => [
  ...pages.flatMap(({ route, actions = [] }) => [route, ...actions.map((action) => action.route)]),
  ...webhooks.map(({ route }) => route),
];

const nameOf = ({ method, path }: PackRoute): string => `${method} ${path}`;

/** A page that is shown by POST, or a form that is taken by GET, is no page and no form. */
const wrongMethods = ({ pages = [] }: Routed): string[] =>
  pages.flatMap(({ route, actions = [] }) => [
    ...(route.method === 'GET' ? [] : [`the page ${nameOf(route)} is shown by ${route.method}, not GET`]),
    ...actions
      .filter((action) => action.route.method !== 'POST')
      .map((action) => `the form ${nameOf(action.route)} is taken by ${action.route.method}, not POST`),
  ]);

/** What is wrong, one line each: the platform leads to the routes of the contract, so these and no others are served. */
export const routeFaultsOf = (declared: Readonly<Record<string, PackRoute>>, pack: Routed): string[] => {
  const served = routesServedBy(pack);
  const inContract = new Set(Object.values(declared).map(canonicalJson));
  const names = served.map(nameOf);
  return [
    ...wrongMethods(pack),
    ...served
      .filter((route) => !inContract.has(canonicalJson(route)))
      .map((route) => `${nameOf(route)} is not one of its routes`),
    ...names.filter((name, place) => names.indexOf(name) !== place).map((name) => `${name} is there twice`),
    ...Object.values(declared)
      .map(nameOf)
      .filter((name) => !names.includes(name))
      .map((name) => `the route ${name} is missing`),
  ];
};

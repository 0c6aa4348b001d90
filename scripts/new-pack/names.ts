/** The spellings of a pack's name. */
import { packNames } from '../../contracts/packs/index.ts';
import type { RouteContract } from '../../contracts/route.ts';
import { routes } from '../../contracts/routes.ts';
import { scopes } from '../../contracts/scopes.ts';
import { UsageProblem } from '../platform/problem.ts';

export interface Spelled {
  /** As it is registered and in scopes and paths: `price-alerts`. */
  readonly name: string;
  /** As a member of an object: `'price-alerts'`, and `alerts` without quotes. */
  readonly key: string;
  /** `priceAlerts` */
  readonly camel: string;
  /** `PriceAlerts` */
  readonly pascal: string;
  /** `price_alerts` */
  readonly snake: string;
  /** `Price alerts` */
  readonly title: string;
}

/** Names that the service's own files, roles and scopes use already. */
const taken: readonly string[] = ['admin', 'core', 'index', 'operations', 'pack'];

/** What a constant of a module cannot be called, of two letters and more (ECMA-262, "Keywords and Reserved Words"). */
const reserved: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

/** Whether the page, the route or a scope of a pack with the name would be somebody else's. */
const isUsed = (name: string, camel: string): boolean =>
  Object.hasOwn(routes, camel) ||
  Object.hasOwn(scopes, `${name}:read`) ||
  Object.values<RouteContract>(routes).some(({ path }) => path.split('/')[1] === name);

const upper = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** @throws UsageProblem for a name that cannot be a pack's */
export const spelled = (name: string): Spelled => {
  if (!/^[a-z][a-z0-9]{1,15}(-[a-z0-9]{1,15}){0,2}$/.test(name))
    throw new UsageProblem(
      `A pack's name is 2 to 16 lower-case letters and digits, or up to three such words with hyphens, and not ${name}.`,
    );
  if (taken.includes(name)) throw new UsageProblem(`${name} is a word of the service itself: choose another name.`);
  if (packNames.some((other) => other === name)) throw new UsageProblem(`There is a pack ${name} already.`);
  const [first = '', ...others] = name.split('-');
  const camel = [first, ...others.map(upper)].join('');
  if (reserved.has(camel) || isUsed(name, camel))
    throw new UsageProblem(`${name} is a word of the language, or a path or scope that is there: choose another name.`);
  return {
    name,
    key: name === camel ? name : `'${name}'`,
    camel,
    pascal: [first, ...others].map(upper).join(''),
    snake: name.replaceAll('-', '_'),
    title: upper(name.replaceAll('-', ' ')),
  };
};

/** The spellings of a pack's name. */
import { packNames } from '../../contracts/packs/index.ts';
import { UsageProblem } from '../platform/problem.ts';

export interface Spelled {
  /** As it is registered and in scopes and paths: `price-alerts`. */
  readonly name: string;
  /** `priceAlerts` */
  readonly camel: string;
  /** `PriceAlerts` */
  readonly pascal: string;
  /** `price_alerts` */
  readonly snake: string;
  /** `Price alerts` */
  readonly title: string;
}

/** Words that the service's own files, roles and scopes have. */
const taken: readonly string[] = ['admin', 'core', 'index', 'operations', 'pack'];

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
  return {
    name,
    camel: [first, ...others.map(upper)].join(''),
    pascal: [first, ...others].map(upper).join(''),
    snake: name.replaceAll('-', '_'),
    title: upper(name.replaceAll('-', ' ')),
  };
};

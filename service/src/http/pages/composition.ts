/** What the pages of packs add to those of the service: entries of the header, cards of the home page, styles. */
import { routes } from '../../../../contracts/routes.ts';
import type { Scope } from '../../../../contracts/scopes.ts';
import type { PackPage } from '../../packs/page.ts';
import { type Asset, stylesheetWith } from '../../web/assets.ts';
import type { HomeCard, HomeProps, NavEntry } from '../../web/props.ts';

/** Of one enabled pack. */
export interface PagesOfPack {
  /** Its name for people. */
  readonly title: string;
  /** What it is for, one sentence. */
  readonly description: string;
  readonly pages: readonly PackPage[];
  /** CSS of its pages. */
  readonly styles?: string;
}

export interface Composition {
  readonly packs: HomeProps['packs'];
  readonly pages: readonly PackPage[];
  readonly stylesheet: Asset;
  /**
   * Links of the header, for a person with these scopes.
   * @param counts by address, how much waits there for them
   */
  nav(scopes: ReadonlySet<Scope>, counts?: ReadonlyMap<string, string>): NavEntry[];
  /** Cards of the home page, for a person with these scopes. */
  cards(scopes: ReadonlySet<Scope>): HomeCard[];
}

interface Ordered extends NavEntry {
  /** The two lowest stand in the header of a phone, the five lowest in that of a wide screen, the others under More. */
  readonly order: number;
  /** Who may see it. Default everybody with a role. */
  readonly scope?: Scope;
}

/** The service's own pages, one line each. Between Operations and Audit stand those of packs. */
const own: readonly Ordered[] = [
  { href: routes.approvals.path, label: 'Approvals', order: 10 },
  { href: routes.operations.path, label: 'Operations', order: 20 },
  { href: routes.audit.path, label: 'Audit', order: 60 },
  { href: routes.jobs.path, label: 'Jobs', order: 70 },
  { href: routes.notices.path, label: 'Notices', order: 80 },
  { href: routes.apps.path, label: 'Apps', order: 90 },
];
/** Where calls to some upstream need an approval of its account. */
const accessEntry: Ordered = { href: routes.access.path, label: 'Access', order: 70 };
const usualOrder = 50;

/** Whether a person with these scopes may see the page. */
export const maySee = ({ route: { scope } }: Pick<PackPage, 'route'>, scopes: ReadonlySet<Scope>): boolean =>
  scope === undefined || scopes.has(scope);

const entryOf = ({ route: { path }, nav }: PackPage): Ordered[] =>
  nav === undefined ? [] : [{ href: path, label: nav.label, order: nav.order ?? usualOrder }];

const cardOf = ({ route: { path }, home }: PackPage): HomeCard[] =>
  home === undefined ? [] : [{ ...home, href: path }];

/**
 * Nothing of a pack that is not among these is shown anywhere.
 * @throws when the header or the home page would lead to an address with a parameter
 */
export const composePages = (
  packs: readonly PagesOfPack[],
  { access = false }: { readonly access?: boolean } = {},
): Composition => {
  const ofService = access ? [...own, accessEntry] : own;
  const pages = packs.flatMap((pack) => pack.pages);
  for (const { route, nav, home } of pages)
    if (route.path.includes(':') && (nav ?? home) !== undefined)
      throw new Error(`The page ${route.path} has a parameter, so nothing can lead to it: leave out nav and home.`);
  const visible = (scopes: ReadonlySet<Scope>) => pages.filter((page) => maySee(page, scopes));
  return {
    packs: packs.map(({ title, description }) => ({ title, description })),
    pages,
    stylesheet: stylesheetWith(packs.flatMap(({ styles }) => styles ?? [])),
    nav: (scopes, counts) =>
      [
        ...ofService.filter(({ scope }) => scope === undefined || scopes.has(scope)),
        ...visible(scopes).flatMap(entryOf),
      ]
        .toSorted((a, b) => a.order - b.order)
        .map(({ href, label }) => {
          const count = counts?.get(href);
          return { href, label, ...(count !== undefined && { count }) };
        }),
    cards: (scopes) => visible(scopes).flatMap(cardOf),
  };
};

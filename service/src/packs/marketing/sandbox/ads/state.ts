/** What the stand-in for Google Ads holds: resources by name, as Google's JSON has them. */

import type { Keeper, KeptRecord } from '../keeper.ts';

/** As Google's JSON has it. */
export type Fields = KeptRecord;
export type Json = Fields[string];

/** Collections of resource names: `customers/1234567890/campaigns/1`. */
export const collections = [
  'campaigns',
  'campaignBudgets',
  'adGroups',
  'adGroupCriteria',
  'campaignCriteria',
  'changeEvents',
] as const;
export type Collection = (typeof collections)[number];

export interface Customer {
  /** Ten digits. */
  readonly id: string;
  readonly descriptiveName: string;
  readonly currencyCode: string;
  readonly timeZone: string;
  readonly manager: boolean;
  /** Id of the manager account above it. */
  readonly managedBy?: string;
}

/** What was searched for, and the ad group that answered. */
export interface SearchTerm {
  readonly customerId: string;
  readonly adGroupId: string;
  readonly searchTerm: string;
  readonly status: string;
}

/** Of one resource on one day of its account. */
export interface DayFigures {
  readonly costMicros: number;
  readonly clicks: number;
  readonly impressions: number;
  readonly conversions: number;
  readonly conversionsValue: number;
}

/** Whom a Google access token stands for. */
export interface AdsPerson {
  readonly email: string;
  /** Ids of customers that they reach directly. */
  readonly customers: readonly string[];
}

export interface AdsWorld {
  readonly customers: readonly Customer[];
  /** Each with its `resourceName`. */
  readonly resources: readonly Fields[];
  readonly searchTerms?: readonly SearchTerm[];
  /** Of a campaign, keyword or search term by its resource name. Undefined: nothing on that day. */
  figures?(resourceName: string, date: string): DayFigures | undefined;
}

export const resourceNameOf = (fields: Fields): string => String(fields.resourceName);
export const collectionOf = (resourceName: string): string => resourceName.split('/')[2] ?? '';
export const customerIdOf = (resourceName: string): string => resourceName.split('/')[1] ?? '';
export const isRemoved = ({ status }: Fields): boolean => status === 'REMOVED';

export interface AdsState {
  readonly world: AdsWorld;
  customer(id: string): Customer | undefined;
  get(resourceName: string): Fields | undefined;
  all(customerId: string, collection: Collection): Fields[];
  /** A new id, above all there are. */
  nextId(): string;
  /** Writes them all, and keeps them. */
  write(resources: readonly Fields[]): Promise<void>;
}

const FIRST_FREE_ID = 9_000_000;

const idsIn = (name: string): number[] => (name.split('/')[3] ?? '').split('~').map(Number);

/** @returns the world, with what was written before laid over it */
export const openAdsState = async (world: AdsWorld, keeper?: Keeper): Promise<AdsState> => {
  const held = new Map<string, Map<string, Fields>>();
  const shelf = (customerId: string, collection: string): Map<string, Fields> => {
    const key = `${customerId} ${collection}`;
    const found = held.get(key) ?? new Map<string, Fields>();
    held.set(key, found);
    return found;
  };
  const put = (fields: Fields): void => {
    const name = resourceNameOf(fields);
    shelf(customerIdOf(name), collectionOf(name)).set(name, fields);
  };
  const kept = (await keeper?.load()) ?? [];
  for (const fields of [...world.resources, ...kept]) put(fields);
  let highest = kept
    .flatMap((fields) => idsIn(resourceNameOf(fields)))
    .reduce((most, id) => Math.max(most, id), FIRST_FREE_ID);
  return {
    world,
    customer: (id) => world.customers.find((each) => each.id === id),
    get: (name) => shelf(customerIdOf(name), collectionOf(name)).get(name),
    all: (customerId, collection) => [...shelf(customerId, collection).values()],
    nextId: () => {
      highest += 1;
      return String(highest);
    },
    write: async (resources) => {
      for (const fields of resources) put(fields);
      await keeper?.save(resources.map((record) => ({ name: resourceNameOf(record), record })));
    },
  };
};

/** Google Ads as the sandbox has it, spoken as its REST API does. */

import type { Keeper } from '../keeper.ts';
import { type Area, refused, type StandInAnswer, type StandInRequest } from '../stand-in.ts';
import { askerOf, googleScopes } from '../tokens.ts';
import { demoWorld } from './demo.ts';
import { type MutateRequest, mutate, services } from './mutate.ts';
import { AdsRefusal, adsError, refusalAnswer } from './refusals.ts';
import { search } from './search.ts';
import { type AdsPerson, type AdsState, type AdsWorld, type Customer, openAdsState } from './state.ts';

/** Operations a day of the Cloud project's access level. */
const levels = { explorer: 2_880, basic: 15_000 } as const;

export interface AdsAreaOptions {
  /** Default: the two demo customers. */
  readonly world?: AdsWorld;
  /** By the name of their Google account: see tokens.ts. Default: the demo account, which reaches every customer directly. */
  readonly people?: Readonly<Record<string, AdsPerson>>;
  /** Keeps what is written across restarts. Default: until the stand-in is closed. */
  readonly keeper?: Keeper;
  /** Default: basic. */
  readonly accessLevel?: keyof typeof levels;
}

/** Majors that Google still answers. */
const OLDEST_VERSION = 23;

/** The demo account reaches every customer directly. */
const peopleOf = ({ customers }: AdsWorld): Readonly<Record<string, AdsPerson>> => ({
  demo: { email: 'demo@example.com', customers: customers.map(({ id }) => id) },
});

/** Through a manager account where the header names one, otherwise directly. The same refusal for a customer that is not there. */
const customerFor = (state: AdsState, person: AdsPerson, id: string, manager: string | undefined): Customer => {
  const customer = state.customer(id);
  const through = manager ?? id;
  const below = manager === undefined || manager === id || customer?.managedBy === manager;
  if (customer !== undefined && below && person.customers.includes(through)) return customer;
  const message = "User doesn't have permission to access customer.";
  throw new AdsRefusal('PERMISSION_DENIED', adsError('authorizationError', 'USER_PERMISSION_DENIED', message));
};

/** Counts operations of a day, and says when the level's are used up. */
const quotaOf = (level: keyof typeof levels) => {
  let counted = { day: '', operations: 0 };
  return (now: Date, operations: number): void => {
    const day = now.toISOString().slice(0, 10);
    counted = { day, operations: (counted.day === day ? counted.operations : 0) + operations };
    if (counted.operations <= levels[level]) return;
    const seconds = Math.ceil((Date.parse(`${day}T24:00:00Z`) - now.getTime()) / 1000);
    throw new AdsRefusal('RESOURCE_EXHAUSTED', {
      ...adsError('quotaError', 'RESOURCE_EXHAUSTED', 'Too many requests. Retry later.'),
      details: {
        quotaErrorDetails: { rateScope: 'DEVELOPER', rateName: `${level} access`, retryDelay: `${seconds}s` },
      },
    });
  };
};

const versionOf = (path: string): string | undefined => /^\/(v\d+)\/customers/.exec(path)?.[1];

const bodyOf = ({ body }: StandInRequest): object => (typeof body === 'object' && body !== null ? body : {});

const operationsIn = (body: object): MutateRequest => {
  const request: Partial<MutateRequest> = body;
  return { ...request, operations: Array.isArray(request.operations) ? request.operations : [] };
};

export const adsArea = async (options: AdsAreaOptions = {}): Promise<Area> => {
  const { world = demoWorld, keeper, accessLevel = 'basic' } = options;
  const people = options.people ?? peopleOf(world);
  const state = await openAdsState(world, keeper);
  const count = quotaOf(accessLevel);
  const answered = async (request: StandInRequest, version: string): Promise<StandInAnswer> => {
    const { method, path, headers, now } = request;
    if (Number(version.slice(1)) < OLDEST_VERSION)
      throw new AdsRefusal(
        'INVALID_ARGUMENT',
        adsError('requestError', 'UNSUPPORTED_VERSION', `${version} is deprecated.`),
      );
    const asker = askerOf(request, [googleScopes.ads]);
    if (asker.refusal !== undefined) return asker.refusal;
    const person = people[asker.account] ?? { email: `${asker.account}@example.com`, customers: [] };
    const called = path.slice(version.length + 1);
    if (method === 'GET' && called === '/customers:listAccessibleCustomers') {
      count(now, 1);
      return { body: { resourceNames: person.customers.map((id) => `customers/${id}`) } };
    }
    const [, id = '', action = ''] = /^\/customers\/([^/]+)\/(.+)$/.exec(called) ?? [];
    if (method !== 'POST' || action === '') return refused(404, 'NOT_FOUND', 'Method not found.');
    const customer = customerFor(state, person, id, headers['login-customer-id']);
    if (action === 'googleAds:search') {
      count(now, 1);
      return { body: search(state, customer, bodyOf(request), now) };
    }
    const [service = '', verb] = action.split(':');
    if (verb !== 'mutate' || services[service] === undefined) return refused(404, 'NOT_FOUND', 'Method not found.');
    const asked = operationsIn(bodyOf(request));
    count(now, asked.operations.length);
    return { body: await mutate(state, service, asked, { customer, email: person.email, now, version }) };
  };
  return async (request) => {
    const version = versionOf(request.path);
    if (version === undefined) return undefined;
    try {
      return await answered(request, version);
    } catch (error) {
      if (error instanceof AdsRefusal) return refusalAnswer(version, error);
      throw error;
    }
  };
};

/** Costs from Cost Explorer. Every request page costs 0.01 USD, so answers are kept for an hour. */
import {
  type Expression,
  GetCostAndUsageCommand,
  GetCostAndUsageWithResourcesCommand,
  type Group,
  type GroupDefinition,
} from '@aws-sdk/client-cost-explorer';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import type { Costs, Period, ResourceCost, Spend, SpendRequest } from '../costs.ts';
import type { Failure } from '../estate.ts';
import { failureOf, MalformedAnswer, member } from './failure.ts';
import { inParallel } from './parallel.ts';
import { type AwsParts, newShared, type Place, pages, placeAt } from './place.ts';
import type { AwsSettings } from './sessions.ts';

/** Cost Explorer lives in one region of a partition, whatever region it is asked about. */
const CE_REGION = 'us-east-1';
const PRICE_PER_REQUEST = 0.01;
/** Requests of one report: by service, by Name, by resource. */
const REQUESTS = 3;
const KEPT_SECONDS = 3600;
const KEPT = 64;
const ACCOUNTS_AT_ONCE = 4;
/** Days back that costs are told per resource, where the account opted in. */
const RESOURCE_DAYS = 14;
const DAY = 86_400_000;
const METRIC = 'UnblendedCost';
const COMPUTE = 'Amazon Elastic Compute Cloud - Compute';

type Told = Pick<Spend, 'lines' | 'byResource' | 'byName'>;
type Context = Pick<CallContext, 'signal' | 'log'>;

export interface AwsCostParts extends AwsParts {
  readonly settings: Pick<AwsSettings, 'region'>;
}

export const createAwsCosts = (parts: AwsCostParts): Costs => {
  const kept = new LRUCache<string, Spend>({ max: KEPT, ttl: KEPT_SECONDS * 1000 });
  /** Whether the service's own account pays for the others and may see their costs; learned at the first report. */
  let pays: boolean | undefined;
  return {
    price: ({ accounts }) => {
      const reports = pays === true ? 1 : accounts.length;
      return { requests: reports * REQUESTS, usd: Math.round(reports * REQUESTS * PRICE_PER_REQUEST * 100) / 100 };
    },
    spend: async (request, context) => {
      const key = JSON.stringify([[...request.accounts].sort(), [...request.regions].sort(), request.period]);
      const known = kept.get(key);
      if (known) return known;
      const { told, failures, fromPayer } = await collect(parts, request, pays, context);
      if (context.signal.aborted)
        throw new CountersignError('cancelled', 'The call was cancelled.', { cause: context.signal.reason });
      pays = fromPayer ?? pays;
      const spend = {
        period: request.period,
        lines: told.flatMap((each) => each.lines),
        byResource: new Map(told.flatMap((each) => [...each.byResource])),
        byName: told.flatMap((each) => each.byName),
        failures,
      };
      if (failures.length === 0) kept.set(key, spend);
      return spend;
    },
  };
};

interface Collected {
  readonly told: readonly Told[];
  readonly failures: readonly Failure[];
  /** One report told all accounts. Undefined: another account was asked about, which may just have spent nothing. */
  readonly fromPayer: boolean | undefined;
}

/**
 * One report of the own account, which sees all accounts if it pays for them; then one of each that it did not tell. So
 * it is for one account too: who is asked must not depend on how many are asked about.
 */
const collect = async (
  parts: AwsCostParts,
  request: SpendRequest,
  pays: boolean | undefined,
  context: Context,
): Promise<Collected> => {
  const { accounts } = request;
  const { accountId: own, partition } = await parts.sessions.own();
  // In other partitions the SDK finds the endpoint from any of their regions.
  const region = partition === 'aws' ? CE_REGION : parts.settings.region;
  const failures: Failure[] = [];
  const report = async (asker: string, about: readonly string[]): Promise<Told[]> => {
    try {
      const place = await placeAt(parts, asker, region, context.signal, newShared());
      return [await spendOf(place, { ...request, accounts: about }, context)];
    } catch (error) {
      failures.push({ accountId: asker, ...failureOf(error, 'cost-explorer', context.signal) });
      return [];
    }
  };
  const ofOwn = pays === false ? accounts.filter((accountId) => accountId === own) : accounts;
  const first = ofOwn.length > 0 ? await report(own, ofOwn) : [];
  const seen = new Set(first.flatMap((each) => each.lines.map((line) => line.accountId)));
  const asked = new Set([...seen, own]);
  const left = accounts.filter((accountId) => !asked.has(accountId));
  const others = await inParallel(left, ACCOUNTS_AT_ONCE, (accountId) => report(accountId, [accountId]));
  return {
    told: [...first, ...others.flat()],
    failures: failures.filter((failure) => accounts.includes(failure.accountId)),
    fromPayer: accounts.length > 1 || seen.size > 0 ? left.length === 0 : undefined,
  };
};

/** The costs of accounts in regions, credits and refunds left out; services without a region included. */
const filterOf = ({ accounts, regions }: SpendRequest, more: readonly Expression[] = []): Expression => ({
  And: [
    { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [...accounts] } },
    { Dimensions: { Key: 'REGION', Values: [...regions, 'global', 'NoRegion'] } },
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } },
    ...more,
  ],
});

const compute: Expression = { Dimensions: { Key: 'SERVICE', Values: [COMPUTE] } };
const perAccount: GroupDefinition = { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' };

interface Query {
  readonly period: Period;
  readonly filter: Expression;
  readonly by: readonly GroupDefinition[];
  /** Ask per resource. */
  readonly resources?: boolean;
}

/** Sums of a query per group, over all pages and days. */
const sums = async (place: Place, { period, filter, by, resources }: Query): Promise<Map<string, number>> => {
  const input = {
    TimePeriod: { Start: period.start, End: period.end },
    Filter: filter,
    GroupBy: [...by],
    Metrics: [METRIC],
  };
  const answers = pages(
    (NextPageToken) =>
      place.send('cost-explorer', (client, options) =>
        resources
          ? client.send(
              new GetCostAndUsageWithResourcesCommand({ ...input, Granularity: 'DAILY', NextPageToken }),
              options,
            )
          : client.send(new GetCostAndUsageCommand({ ...input, Granularity: 'MONTHLY', NextPageToken }), options),
      ),
    (answer) => answer.NextPageToken,
  );
  const total = new Map<string, number>();
  let told = 0;
  for await (const { ResultsByTime } of answers)
    for (const { Groups } of member('cost-explorer', 'ResultsByTime', ResultsByTime)) {
      told += 1;
      for (const group of member('cost-explorer', 'Groups', Groups)) {
        const key = JSON.stringify(groupKeys(group, by.length));
        total.set(key, (total.get(key) ?? 0) + amountOf(group));
      }
    }
  // A period without costs is told too, with no groups in it.
  if (told === 0) throw new MalformedAnswer('cost-explorer', 'any ResultsByTime');
  return total;
};

const groupKeys = ({ Keys }: Group, count: number): string[] => {
  const keys = member('cost-explorer', 'the Keys of a group', Keys);
  if (keys.length !== count) throw new MalformedAnswer('cost-explorer', `${count} Keys in a group`);
  return keys;
};

const amountOf = ({ Metrics }: Group): number => {
  const usd = Number(member('cost-explorer', 'the Amount of a group', Metrics?.[METRIC]?.Amount));
  if (!Number.isFinite(usd)) throw new MalformedAnswer('cost-explorer', 'a number in Amount');
  return usd;
};

const keysOf = (key: string): string[] => z.array(z.string()).parse(JSON.parse(key));

const spendOf = async (place: Place, request: SpendRequest, context: Context): Promise<Told> => {
  const { period } = request;
  const by: GroupDefinition[] = [perAccount, { Type: 'DIMENSION', Key: 'SERVICE' }];
  const byService = await sums(place, { period, filter: filterOf(request), by });
  const [byName, byResource] = await Promise.all([
    named(place, request).catch((error: unknown) => notTold(error, 'Name', context, [])),
    perResource(place, request).catch((error: unknown) =>
      notTold(error, 'resource', context, new Map<string, ResourceCost>()),
    ),
  ]);
  const lines = [...byService].map(([key, usd]) => {
    const [accountId = '', service = ''] = keysOf(key);
    return { accountId, service, usd };
  });
  return { lines, byResource, byName };
};

/** What Cost Explorer answers where an account did not opt in to a detail, or its role may not see it. */
const notOptedIn = new Set(['DataUnavailableException', 'ValidationException', 'access_denied']);

/**
 * Costs per Name or per resource are options an account may not have taken: then services tell the average.
 * @throws any other failure: with the detail, the same resource would cost something else a minute later
 */
const notTold = <T>(error: unknown, what: string, { log, signal }: Context, nothing: T): T => {
  const { code } = failureOf(error, 'cost-explorer', signal);
  if (!notOptedIn.has(code)) throw error;
  log.info({ code, what }, 'costs are not told in this detail');
  return nothing;
};

/** Groups of the Name tag come as Name$value, and Name$ for what has none. Only where that tag was activated for costs. */
const named = async (place: Place, request: SpendRequest): Promise<Spend['byName'][number][]> => {
  const by: GroupDefinition[] = [perAccount, { Type: 'TAG', Key: 'Name' }];
  const groups = await sums(place, { period: request.period, filter: filterOf(request, [compute]), by });
  return [...groups].flatMap(([key, usd]) => {
    const [accountId = '', tag = ''] = keysOf(key);
    const name = tag.slice(tag.indexOf('$') + 1);
    return name === '' ? [] : [{ accountId, service: COMPUTE, name, usd }];
  });
};

const perResource = async (place: Place, request: SpendRequest): Promise<Map<string, ResourceCost>> => {
  const { period } = request;
  const end = Date.parse(period.end);
  const start = Math.max(Date.parse(period.start), end - RESOURCE_DAYS * DAY);
  const asked = { start: new Date(start).toISOString().slice(0, 10), end: period.end };
  const by: GroupDefinition[] = [{ Type: 'DIMENSION', Key: 'RESOURCE_ID' }];
  const groups = await sums(place, { period: asked, filter: filterOf(request, [compute]), by, resources: true });
  // Fewer days are told than were asked about: what they say is stretched, and then it is an estimate.
  const stretch = (end - Date.parse(period.start)) / (end - start);
  const source = stretch > 1 ? 'estimated' : 'actual';
  return new Map([...groups].map(([key, usd]) => [keysOf(key)[0] ?? '', { usd: usd * stretch, source }]));
};

/** One report of Cost Explorer: what accounts spent per service, per Name and per resource. */
import {
  type Expression,
  GetCostAndUsageCommand,
  GetCostAndUsageWithResourcesCommand,
  type Group,
  type GroupDefinition,
} from '@aws-sdk/client-cost-explorer';
import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import type { Period, ResourceCost, Spend, SpendRequest } from '../cost/costs.ts';
import { failureOf, MalformedAnswer, member } from './failure.ts';
import { type Place, pages } from './place.ts';

/** Days back that costs are told per resource, where the account opted in. */
const RESOURCE_DAYS = 14;
const DAY = 86_400_000;
const METRIC = 'UnblendedCost';
const COMPUTE = 'Amazon Elastic Compute Cloud - Compute';

export type Told = Pick<Spend, 'lines' | 'byResource' | 'byName'>;
export type Context = Pick<CallContext, 'signal' | 'log'>;

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
  const { Amount, Unit = 'USD' } = Metrics?.[METRIC] ?? {};
  const usd = Number(member('cost-explorer', 'the Amount of a group', Amount));
  if (!Number.isFinite(usd)) throw new MalformedAnswer('cost-explorer', 'a number in Amount');
  // Accounts of the partition aws-cn are billed in yuan; whatever is not in dollars is unknown here, and told as such.
  if (usd !== 0 && Unit !== 'USD') throw new MalformedAnswer('cost-explorer', 'amounts in USD');
  return usd;
};

const keysOf = (key: string): string[] => z.array(z.string()).parse(JSON.parse(key));

/** What accounts spent, as the asking account is told. @throws MalformedAnswer, or what Cost Explorer answers */
export const spendOf = async (place: Place, request: SpendRequest, context: Context): Promise<Told> => {
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

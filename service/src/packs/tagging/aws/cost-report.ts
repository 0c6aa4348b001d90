/**
 * One report of Cost Explorer: what accounts spent per service, per Name and per resource.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
import {
  type Expression,
  GetCostAndUsageCommand,
  GetCostAndUsageWithResourcesCommand,
  type Group,
  type GroupDefinition,
} from '@aws-sdk/client-cost-explorer';
import { z } from 'zod';
import type { CallContext } from '../../../call.ts';
import { CountersignError } from '../../../errors.ts';
import { poolOfService } from '../cost/cost-services.ts';
import { daysOf, lastDays, type Period, type ResourceCost, type Spend, type SpendRequest } from '../cost/costs.ts';
import { costExplorerApi } from './apis/cost-explorer.ts';
import { failureOf, MalformedAnswer, member } from './failure.ts';
import { type Place, pages } from './place.ts';

/** Days before today of which costs are told per resource, where the account opted in. */
const RESOURCE_DAYS = 14;
/** Share of a period that must be told per resource before those days may stand for all of it. */
const LEAST_SHARE = 1 / 3;
const METRIC = 'UnblendedCost';

export type Told = Pick<Spend, 'lines' | 'byResource' | 'byName'> & { readonly estimated: boolean };
export type Context = Pick<CallContext, 'signal' | 'log'>;

/** What a report is made with. */
export interface Asking {
  readonly place: Place;
  readonly now: Date;
  /** Called for each page that is asked for: each is charged. */
  readonly paid: () => void;
}

/** The costs of accounts in regions, credits and refunds left out; services without a region included. */
const filterOf = ({ accounts, regions }: SpendRequest, more: readonly Expression[] = []): Expression => ({
  And: [
    { Dimensions: { Key: 'LINKED_ACCOUNT', Values: [...accounts] } },
    { Dimensions: { Key: 'REGION', Values: [...regions, 'global', 'NoRegion'] } },
    { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund'] } } },
    ...more,
  ],
});

const ofServices = (names: readonly string[]): Expression => ({ Dimensions: { Key: 'SERVICE', Values: [...names] } });
const perAccount: GroupDefinition = { Type: 'DIMENSION', Key: 'LINKED_ACCOUNT' };

interface Query {
  readonly period: Period;
  readonly filter: Expression;
  readonly by: readonly GroupDefinition[];
  /** Ask per resource. */
  readonly resources?: boolean;
}

interface Sums {
  readonly amounts: ReadonlyMap<string, number>;
  readonly estimated: boolean;
}

/** Sums of a query per group, over all pages and days. */
const sums = async ({ place, paid }: Asking, { period, filter, by, resources }: Query): Promise<Sums> => {
  const input = {
    TimePeriod: { Start: period.start, End: period.end },
    Filter: filter,
    GroupBy: [...by],
    Metrics: [METRIC],
  };
  const answers = pages(
    (NextPageToken) => {
      paid();
      return place.send(costExplorerApi, (client, options) =>
        resources
          ? client.send(
              new GetCostAndUsageWithResourcesCommand({ ...input, Granularity: 'DAILY', NextPageToken }),
              options,
            )
          : client.send(new GetCostAndUsageCommand({ ...input, Granularity: 'MONTHLY', NextPageToken }), options),
      );
    },
    (answer) => answer.NextPageToken,
  );
  const total = new Map<string, number>();
  let told = 0;
  let estimated = false;
  for await (const { ResultsByTime } of answers)
    for (const { Groups, Estimated } of member('cost-explorer', 'ResultsByTime', ResultsByTime)) {
      told += 1;
      estimated ||= Estimated === true;
      for (const group of member('cost-explorer', 'Groups', Groups)) {
        const key = JSON.stringify(groupKeys(group, by.length));
        total.set(key, (total.get(key) ?? 0) + amountOf(group));
      }
    }
  // A period without costs is told too, with no groups in it.
  if (told === 0) throw new MalformedAnswer('cost-explorer', 'any ResultsByTime');
  return { amounts: total, estimated };
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
  // Accounts of the partition aws-cn are billed in yuan. Added to dollars or taken for them it would be wrong everywhere.
  if (usd !== 0 && Unit !== 'USD') throw foreignCurrency(Unit);
  return usd;
};

const foreignCurrency = (unit: string): CountersignError => {
  const currency = /^[A-Z]{3}$/.test(unit) ? unit : 'another currency';
  return new CountersignError(
    'upstream_error',
    `Cost Explorer tells the costs of this account in ${currency}. Only USD is added up here, so its costs are not known.`,
    { details: { failure: 'currency_not_usd' } },
  );
};

const keysOf = (key: string): string[] => z.array(z.string()).parse(JSON.parse(key));

/** What accounts spent, as the asking account is told. @throws MalformedAnswer, or what Cost Explorer answers */
export const spendOf = async (asking: Asking, request: SpendRequest, context: Context): Promise<Told> => {
  const { period } = request;
  const by: GroupDefinition[] = [perAccount, { Type: 'DIMENSION', Key: 'SERVICE' }];
  const { amounts, estimated } = await sums(asking, { period, filter: filterOf(request), by }).catch(translated);
  const lines = [...amounts].map(([key, usd]) => {
    const [accountId = '', service = ''] = keysOf(key);
    return { accountId, service, usd };
  });
  // As this bill spells it: the details are filtered by it. Without such spend there is no detail to pay for.
  const compute = [...new Set(lines.map(({ service }) => service))].filter(isCompute);
  if (compute.length === 0) return { lines, byResource: new Map(), byName: [], estimated };
  const [byName, byResource] = await Promise.all([
    named(asking, request, compute).catch((error: unknown) => notTold(error, 'Name', context, [])),
    perResource(asking, request, compute).catch((error: unknown) =>
      notTold(error, 'resource', context, new Map<string, ResourceCost>()),
    ),
  ]);
  return { lines, byResource, byName, estimated };
};

const isCompute = (service: string): boolean => poolOfService(service) === 'ec2-compute';

/** Answers of Cost Explorer to which there is a remedy, in our words. */
const remedies: Readonly<Record<string, readonly [failure: string, message: string]>> = {
  DataUnavailableException: [
    'costs_not_ready',
    'Cost Explorer has no data of this account yet. Open Cost Explorer once in the billing console; its data is there a day later.',
  ],
  BillExpirationException: [
    'period_too_old',
    'Cost Explorer no longer has this period. It keeps the current month and the twelve before; name a later time_period.',
  ],
  // The SDK tried it again already.
  LimitExceededException: [
    'throttled',
    'Cost Explorer keeps answering that there are too many requests. Try again later.',
  ],
};

const translated = (error: unknown): never => {
  const [failure, message] = (error instanceof Error ? remedies[error.name] : undefined) ?? [];
  if (failure === undefined || message === undefined) throw error;
  throw new CountersignError('upstream_error', message, { cause: error, details: { failure } });
};

/** What Cost Explorer answers where an account did not opt in to a detail, or its role may not see it. */
const notOptedIn = new Set(['DataUnavailableException', 'ValidationException', 'access_denied']);

/**
 * Costs per Name or per resource are options an account may not have taken: then services tell the average.
 * @throws any other failure: with the detail, the same resource would cost something else a minute later
 */
const notTold = <T>(error: unknown, what: string, { log, signal }: Context, nothing: T): T => {
  const { code } = failureOf(error, 'cost-explorer', signal);
  if (!notOptedIn.has(code)) return translated(error);
  log.info({ code, what }, 'costs are not told in this detail');
  return nothing;
};

/** Groups of the Name tag come as Name$value, and Name$ for what has none. Only where that tag was activated for costs. */
const named = async (
  asking: Asking,
  request: SpendRequest,
  compute: readonly string[],
): Promise<Spend['byName'][number][]> => {
  const by: GroupDefinition[] = [perAccount, { Type: 'TAG', Key: 'Name' }];
  const filter = filterOf(request, [ofServices(compute)]);
  const { amounts } = await sums(asking, { period: request.period, filter, by });
  return [...amounts].flatMap(([key, usd]) => {
    const [accountId = '', tag = ''] = keysOf(key);
    const name = tag.slice(tag.indexOf('$') + 1);
    // Every spelling of the service feeds the same pool.
    return name === '' ? [] : [{ accountId, service: compute[0] ?? '', name, usd }];
  });
};

/** The days of a period that are told per resource; undefined where they are too few to stand for all of it. */
export const resourceDays = (period: Period, now: Date): Period | undefined => {
  const { start: first } = lastDays(now, RESOURCE_DAYS);
  const days = first > period.start ? { start: first, end: period.end } : period;
  return daysOf(days) >= LEAST_SHARE * daysOf(period) ? days : undefined;
};

const perResource = async (
  asking: Asking,
  request: SpendRequest,
  compute: readonly string[],
): Promise<Map<string, ResourceCost>> => {
  const period = resourceDays(request.period, asking.now);
  if (period === undefined) return new Map();
  const by: GroupDefinition[] = [{ Type: 'DIMENSION', Key: 'RESOURCE_ID' }];
  const filter = filterOf(request, [ofServices(compute)]);
  const { amounts } = await sums(asking, { period, filter, by, resources: true });
  // Fewer days are told than were asked about: what they say is stretched, and then it is an estimate.
  const stretch = daysOf(request.period) / daysOf(period);
  const source = stretch > 1 ? 'estimated' : 'actual';
  // What the bill does not know the resource of, it groups as NoResourceId.
  return new Map(
    [...amounts]
      .map(([key, usd]) => [keysOf(key)[0] ?? '', { usd: usd * stretch, source }] as const)
      .filter(([id]) => id !== '' && id !== 'NoResourceId'),
  );
};

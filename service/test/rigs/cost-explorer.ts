/**
 * A stand-in for Cost Explorer over HTTP, which answers from a bill as the service does: grouped, filtered and paged, with the
 * end of a period exclusive, credits and refunds beside usage, the last 48 hours missing, and resources of 14 days for
 * accounts that opted in.
 * https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_GetCostAndUsage.html
 */
import { z } from 'zod';
import { openStandIn } from './stand-in.ts';

/** What one account spent on one service, on one day. */
export interface BillLine {
  readonly day: string;
  readonly account: string;
  readonly service: string;
  readonly usd: number;
  /** Default us-east-1. `NoRegion` for taxes and support. */
  readonly region?: string;
  /** Default Usage. */
  readonly record?: 'Usage' | 'Credit' | 'Refund' | 'Tax';
  /** Value of the Name tag, where that is activated for costs. */
  readonly name?: string;
  readonly resource?: string;
  /** Default USD. */
  readonly unit?: string;
}

export interface Bill {
  readonly lines: BillLine[];
  /** The account that pays for the others, and sees them. */
  readonly payer: string;
  /** What the service answers where nobody opted in to costs per resource; undefined: they did. */
  resourcesRefused: string | undefined;
  /** The Name tag is activated for costs. */
  nameTag: boolean;
  /** Groups of one page. */
  pageSize: number;
  /** Errors that it answers the next requests with, first to last. */
  readonly errors: string[];
  now: Date;
}

const DAY = 86_400_000;
const LAG_DAYS = 2;
const RESOURCE_DAYS = 14;
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
const daysBefore = (now: Date, days: number): string => dayOf(now.getTime() - days * DAY);

type Filter = { And?: Filter[]; Or?: Filter[]; Not?: Filter; Dimensions?: { Key: string; Values: string[] } };
const Filter: z.ZodType<Filter> = z.lazy(() =>
  z.strictObject({
    And: z.array(Filter).min(2).optional(),
    Or: z.array(Filter).min(2).optional(),
    Not: Filter.optional(),
    Dimensions: z.strictObject({ Key: z.string(), Values: z.array(z.string()).min(1) }).optional(),
  }),
);
const Input = z.strictObject({
  TimePeriod: z.strictObject({ Start: z.iso.date(), End: z.iso.date() }),
  Granularity: z.enum(['DAILY', 'MONTHLY']),
  Metrics: z.tuple([z.literal('UnblendedCost')]),
  Filter: Filter.optional(),
  GroupBy: z.array(z.strictObject({ Type: z.enum(['DIMENSION', 'TAG']), Key: z.string() })).max(2),
  NextPageToken: z.string().optional(),
});
type Input = z.infer<typeof Input>;

class Refusal extends Error {}
const refuse = (code: string): never => {
  throw new Refusal(code);
};

const dimensions: Readonly<Record<string, (line: BillLine) => string>> = {
  LINKED_ACCOUNT: ({ account }) => account,
  SERVICE: ({ service }) => service,
  REGION: ({ region = 'us-east-1' }) => region,
  RECORD_TYPE: ({ record = 'Usage' }) => record,
  RESOURCE_ID: ({ resource = 'NoResourceId' }) => resource,
};

const dimensionOf = (key: string): ((line: BillLine) => string) => dimensions[key] ?? refuse('ValidationException');

const matches = (filter: Filter, line: BillLine): boolean => {
  if (Object.keys(filter).length !== 1) return refuse('ValidationException');
  if (filter.And) return filter.And.every((each) => matches(each, line));
  if (filter.Or) return filter.Or.some((each) => matches(each, line));
  if (filter.Not) return !matches(filter.Not, line);
  const { Key, Values } = filter.Dimensions ?? refuse('ValidationException');
  return Values.includes(dimensionOf(Key)(line));
};

/** The parts of a period that the granularity makes, ends exclusive. */
const partsOf = ({ TimePeriod: { Start, End }, Granularity }: Input): { Start: string; End: string }[] => {
  const parts: { Start: string; End: string }[] = [];
  for (let start = Start; start < End; ) {
    const next = new Date(start);
    if (Granularity === 'DAILY') next.setUTCDate(next.getUTCDate() + 1);
    else next.setUTCMonth(next.getUTCMonth() + 1, 1);
    const end = dayOf(next.getTime()) < End ? dayOf(next.getTime()) : End;
    parts.push({ Start: start, End: end });
    start = end;
  }
  return parts;
};

const check = (bill: Bill, input: Input, resources: boolean): void => {
  const { Start, End } = input.TimePeriod;
  if (Start >= End) refuse('ValidationException');
  // The current month and the twelve before.
  const oldest = new Date(Date.UTC(bill.now.getUTCFullYear(), bill.now.getUTCMonth() - 12, 1));
  if (Start < dayOf(oldest.getTime())) refuse('BillExpirationException');
  const perResource = input.GroupBy.some(({ Key }) => Key === 'RESOURCE_ID');
  if (!resources) {
    if (perResource) refuse('ValidationException');
    return;
  }
  if (bill.resourcesRefused !== undefined) refuse(bill.resourcesRefused);
  if (Start < daysBefore(bill.now, RESOURCE_DAYS) || !perResource) refuse('ValidationException');
  if (!JSON.stringify(input.Filter ?? {}).includes('"SERVICE"')) refuse('ValidationException');
};

const keyOf = (bill: Bill, { Type, Key }: Input['GroupBy'][number], line: BillLine): string => {
  if (Type === 'DIMENSION') return dimensionOf(Key)(line);
  return `${Key}$${Key === 'Name' && bill.nameTag ? (line.name ?? '') : ''}`;
};

interface Told {
  readonly part: { readonly Start: string; readonly End: string };
  readonly groups: { Keys: string[]; Metrics: { UnblendedCost: { Amount: string; Unit: string } } }[];
}

const groupsOf = (bill: Bill, input: Input, asker: string): Told[] => {
  // What was used in the last 48 hours is not in it yet.
  const known = daysBefore(bill.now, LAG_DAYS);
  const lines = bill.lines.filter(
    (line) =>
      line.day < known &&
      (asker === bill.payer || asker === line.account) &&
      (input.Filter === undefined || matches(input.Filter, line)),
  );
  return partsOf(input).map((part) => {
    const own = lines.filter(({ day }) => day >= part.Start && day < part.End);
    const groups = Map.groupBy(own, (line) => JSON.stringify(input.GroupBy.map((by) => keyOf(bill, by, line))));
    return {
      part,
      groups: [...groups].map(([keys, members]) => ({
        Keys: z.array(z.string()).parse(JSON.parse(keys)),
        Metrics: {
          UnblendedCost: {
            Amount: members.reduce((total, { usd }) => total + usd, 0).toFixed(10),
            Unit: members[0]?.unit ?? 'USD',
          },
        },
      })),
    };
  });
};

/** A page of groups. Parts whose groups are on other pages are told without any. */
const pageOf = (bill: Bill, told: readonly Told[], token: string | undefined) => {
  const from = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? refuse('InvalidNextTokenException'));
  let at = 0;
  const thisMonth = bill.now.toISOString().slice(0, 8);
  const ResultsByTime = told.map(({ part, groups }) => {
    const shown = groups.filter(() => at++ >= from && at <= from + bill.pageSize);
    return { TimePeriod: part, Total: {}, Groups: shown, Estimated: part.End > `${thisMonth}01` };
  });
  return { ResultsByTime, ...(at > from + bill.pageSize ? { NextPageToken: `page-${from + bill.pageSize}` } : {}) };
};

const answerOf = (bill: Bill, action: string, body: string, asker: string): unknown => {
  const error = bill.errors.shift();
  if (error !== undefined) refuse(error);
  const resources = action === 'GetCostAndUsageWithResources';
  if (!resources && action !== 'GetCostAndUsage') refuse('UnknownOperationException');
  const parsed = Input.safeParse(JSON.parse(body));
  const input = parsed.success ? parsed.data : refuse('ValidationException');
  check(bill, input, resources);
  return pageOf(bill, groupsOf(bill, input, asker), input.NextPageToken);
};

export interface CostExplorer {
  readonly url: string;
  readonly bill: Bill;
  /** What was asked, one a page: each costs 0.01 USD. */
  readonly requests: { readonly action: string; readonly asker: string; readonly input: unknown }[];
  close(): void;
}

/**
 * @param asks the account that an access key is of; default: the payer for every key
 * @example
 * const explorer = await openCostExplorer({ lines, now, payer: '111111111111' });
 * const costs = createAwsCosts({ ...aws, settings: { region: 'us-east-1' } }); // with explorer.url as the endpoint
 */
export const openCostExplorer = async (
  given: Pick<Bill, 'now' | 'payer'> & Partial<Bill>,
  asks: (accessKeyId: string) => string = () => given.payer,
): Promise<CostExplorer> => {
  const bill: Bill = {
    lines: [],
    resourcesRefused: undefined,
    nameTag: true,
    pageSize: 1000,
    errors: [],
    ...given,
  };
  const requests: CostExplorer['requests'] = [];
  const standIn = await openStandIn((response, { headers, body }) => {
    const action = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    const key = /Credential=([^/]+)\//.exec(String(headers.authorization))?.[1] ?? '';
    requests.push({ action, asker: asks(key), input: JSON.parse(body) });
    const answered = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(value));
    try {
      answered(200, answerOf(bill, action, body, asks(key)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      answered(400, { __type: error.message, Message: 'refused' });
    }
  });
  return { url: standIn.url, bill, requests, close: standIn.close };
};

/** One account and region to call: clients with the right role, calls that are counted, bounded and cancellable. */
import type { Metrics } from '../../../ports/metrics.ts';
import type { AwsApi } from './api.ts';
import type { ClientSource } from './clients.ts';
import { MalformedAnswer } from './failure.ts';
import { type AwsAnswer, observeAws } from './observed.ts';
import type { Sessions } from './sessions.ts';

/** Longest times, in milliseconds. */
export interface Timeouts {
  /** One try of one call. */
  readonly callMs: number;
  /** Everything of one type in one region of one account in one scan. */
  readonly regionMs: number;
  /** Everything of one account in one scan of several. Default: 120,000. Of a single account: three times `regionMs`, if that is more. */
  readonly accountMs?: number;
  /** Reading one group of resources by name, its retries included. */
  readonly readMs?: number;
}
export const defaultTimeouts: Timeouts = { callMs: 10_000, regionMs: 60_000 };
const READ_MS = 20_000;

/** The clock of one group of resources that are read by name: one that hangs does not hold up the others. */
export const readClock = ({ timeouts: { readMs = READ_MS } }: AwsParts, signal: AbortSignal): AbortSignal =>
  AbortSignal.any([signal, AbortSignal.timeout(readMs)]);

export interface AwsParts {
  readonly sessions: Sessions;
  readonly clients: ClientSource;
  readonly metrics: Metrics;
  readonly timeouts: Timeouts;
}

/** A bucket and where it is. Listings of S3 are of a whole account. */
export interface Bucket {
  readonly name: string;
  readonly region: string;
  readonly createdAt: string | null;
}

export interface Buckets {
  readonly located: readonly Bucket[];
  /** Buckets whose region could not be read, with the error. */
  readonly unlocated: ReadonlyMap<string, unknown>;
}

/** What the places of one scan or one read have in common. */
export interface Shared {
  readonly buckets: Map<string, Promise<Buckets>>;
  /** ARNs of a type in an account and region, for types whose ARNs name no account. */
  readonly owned: Map<string, Promise<ReadonlySet<string>>>;
}

export const newShared = (): Shared => ({ buckets: new Map(), owned: new Map() });

/**
 * The region that answers for what belongs to a whole account of a partition.
 * https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html
 */
export const globalRegion = (partition: string): string => {
  if (partition === 'aws-cn') return 'cn-northwest-1';
  return partition === 'aws-us-gov' ? 'us-gov-west-1' : 'us-east-1';
};

/**
 * The region under which the estate tells what belongs to a whole account: the one that answers, or where that is not enabled the
 * first that is, so that it is told once and not left out.
 */
export const toldRegion = (partition: string, regions: readonly string[]): string => {
  const answering = globalRegion(partition);
  return regions.includes(answering) ? answering : (regions[0] ?? answering);
};

/** What each call of an SDK client is handed. */
export interface SendOptions {
  readonly abortSignal: AbortSignal;
}

export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly signal: AbortSignal;
  readonly shared: Shared;
  /** Makes one call of an API. */
  send<Client extends object, A extends AwsAnswer>(
    api: AwsApi<Client>,
    call: (client: Client, options: SendOptions) => Promise<A>,
  ): Promise<A>;
}

export const placeAt = async (
  { sessions, clients, metrics }: AwsParts,
  accountId: string,
  region: string,
  signal: AbortSignal,
  shared: Shared,
): Promise<Place> => {
  const { partition } = await sessions.own();
  const told = { 'rpc.system': 'aws-api', 'cloud.account.id': accountId, 'cloud.region': region };
  return {
    accountId,
    region,
    partition,
    signal,
    shared,
    send: async (api, call) => {
      const client = await clients.get(api, accountId, region);
      return observeAws(metrics, api.name, told, () => call(client, { abortSignal: signal }));
    },
  };
};

/** Every page of a listing. @throws MalformedAnswer when a page names itself as the next one */
export async function* pages<A>(
  next: (token: string | undefined) => Promise<A>,
  tokenOf: (answer: A) => string | undefined,
): AsyncGenerator<A> {
  let token: string | undefined;
  do {
    const answer = await next(token);
    yield answer;
    const following = tokenOf(answer) || undefined;
    // It would be read for ever, and its entries counted again and again.
    if (following !== undefined && following === token)
      throw new MalformedAnswer('The service', 'a page after this one');
    token = following;
  } while (token !== undefined);
}

export const chunked = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));

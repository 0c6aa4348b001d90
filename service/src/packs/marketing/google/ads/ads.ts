/** Google Ads by REST: it is not in googleapis. https://developers.google.com/google-ads/api/rest/overview */
import { z } from 'zod';
import { CountersignError } from '../../../../errors.ts';
import type { UpstreamCall } from '../../../../ports/upstream.ts';
import type { GoogleContext, GoogleParts } from '../parts.ts';
import { googleFailure } from '../refusal.ts';
import { AdsStatus, adsRefusal, judgeAds, type OperationRefusal, refusalsIn } from './failure.ts';
import { type Gaql, gaql } from './query.ts';

/** What a mutate writes, by the service that writes it. */
export type AdsService = 'campaigns' | 'campaignBudgets' | 'adGroupCriteria' | 'campaignCriteria';

export type MutateOperation =
  | { readonly create: Readonly<Record<string, unknown>> }
  /** `updateMask` names the fields of `update` to write, in camel case, between commas. */
  | { readonly update: Readonly<Record<string, unknown>>; readonly updateMask: string }
  | { readonly remove: string };

/** What became of one operation. */
export type MutateOutcome =
  /** Without a name after `validateOnly`, which writes nothing. */
  | { readonly ok: true; readonly resourceName?: string }
  | ({ readonly ok: false } & Pick<OperationRefusal, 'code' | 'message'>);

export interface MutateOptions {
  /** Only says what it would refuse. */
  readonly validateOnly?: boolean;
  /** Writes what is right and says what is wrong of each other operation. Default: all or nothing. */
  readonly partialFailure?: boolean;
}

export interface Ads {
  /** Ids of the customers that the person reaches at Google, directly or through the manager account, approved here or not. */
  accessible(context: GoogleContext): Promise<readonly string[]>;
  /** Rows of a query to their end, 10,000 a page; one page at a time is in memory. */
  rows<S extends z.ZodType>(
    customerId: string,
    query: Gaql,
    row: S,
    context: GoogleContext,
  ): AsyncIterable<z.output<S>>;
  /**
   * @returns one outcome per operation, in their order
   * @throws CountersignError where the call is refused whole; `details.refusals` says why. Where `details.sent` is `unknown` or
   * `yes` of no refusal, it may have been written: read back before it is asked for again.
   */
  mutate(
    customerId: string,
    service: AdsService,
    operations: readonly MutateOperation[],
    options: MutateOptions,
    context: GoogleContext,
  ): Promise<readonly MutateOutcome[]>;
}

export interface AdsSettings {
  /** Of the API: the only place is the variable GOOGLE_ADS_API_VERSION. */
  readonly version: string;
  /** The manager account through which customers are reached. */
  readonly loginCustomerId?: string | undefined;
  readonly developerToken?: string | undefined;
}

/** Ten thousand rows of keywords are some 6 MB. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Milliseconds; a page of a large account takes longer than other calls. */
const TRY_MS = 25_000;

const Accessible = z.looseObject({ resourceNames: z.array(z.string()).default([]) });
const Client = z.looseObject({ customerClient: z.looseObject({ id: z.string() }) });
const Page = z.looseObject({
  results: z.array(z.unknown()).default([]),
  // Empty after the last page.
  nextPageToken: z.string().optional(),
});
const Mutated = z.looseObject({
  results: z.array(z.looseObject({ resourceName: z.string().optional() })).default([]),
  partialFailureError: AdsStatus.optional(),
});

const outcomesOf = (
  operations: readonly MutateOperation[],
  { results, partialFailureError }: z.infer<typeof Mutated>,
): MutateOutcome[] => {
  const refusals = partialFailureError === undefined ? [] : refusalsIn(partialFailureError);
  const unnamed = refusals.find(({ operation }) => operation === undefined);
  return operations.map((_, at) => {
    const name = results[at]?.resourceName;
    if (name !== undefined && name !== '') return { ok: true, resourceName: name };
    const refused = refusals.find(({ operation }) => operation === at) ?? unnamed;
    return refused === undefined ? { ok: true } : { ok: false, code: refused.code, message: refused.message };
  });
};

const read = <S extends z.ZodType>(row: S, result: unknown): z.output<S> => {
  const parsed = row.safeParse(result);
  if (parsed.success) return parsed.data;
  throw new CountersignError('upstream_error', 'Google Ads answered with a row that cannot be read.');
};

export const openAds = ({ open, credential }: GoogleParts, settings: AdsSettings): Ads => {
  const { version, loginCustomerId, developerToken } = settings;
  const upstream = open('ads', { judge: judgeAds, mostBytes: MOST_BYTES, timeouts: { try: TRY_MS } });
  const headers: Record<string, string> = loginCustomerId === undefined ? {} : { 'login-customer-id': loginCustomerId };
  const hidden: Record<string, string> = developerToken === undefined ? {} : { 'developer-token': developerToken };
  const called = async <S extends z.ZodType>(
    call: Pick<UpstreamCall, 'method' | 'path' | 'params' | 'body' | 'reads'>,
    shape: S,
    context: GoogleContext,
  ): Promise<z.output<S>> => {
    const held = await credential(context);
    const path = `/${version}${call.path}`;
    const secrets = { headers: hidden };
    const whole = { ...call, path, headers, secrets, signal: context.signal, ...(held && { credential: held }) };
    const answer = await upstream.call(whole).catch((error: unknown) => {
      throw googleFailure(error);
    });
    if (!answer.ok) throw adsRefusal(answer);
    return answer.json(shape);
  };
  const rows: Ads['rows'] = async function* (customerId, query, row, context) {
    let pageToken: string | undefined;
    do {
      const page = await called(
        {
          method: 'POST',
          path: '/customers/{customerId}/googleAds:search',
          params: { customerId },
          body: { query, ...(pageToken !== undefined && { pageToken }) },
          reads: true,
        },
        Page,
        context,
      );
      for (const result of page.results) yield read(row, result);
      pageToken = page.nextPageToken === '' ? undefined : page.nextPageToken;
    } while (pageToken !== undefined);
  };
  /** Google's list has those that are reached directly only: https://developers.google.com/google-ads/api/docs/account-management/listing-accounts */
  const accessible = async (context: GoogleContext): Promise<readonly string[]> => {
    const call = { method: 'GET', path: '/customers:listAccessibleCustomers' } as const;
    const { resourceNames } = await called(call, Accessible, context);
    const ids = new Set(resourceNames.map((name) => name.replace(/^customers\//, '')));
    if (loginCustomerId === undefined || !ids.has(loginCustomerId)) return [...ids];
    const below = gaql`SELECT customer_client.id FROM customer_client WHERE customer_client.status = 'ENABLED'`;
    for await (const { customerClient } of rows(loginCustomerId, below, Client, context)) ids.add(customerClient.id);
    return [...ids];
  };
  return {
    accessible,
    rows,
    mutate: async (customerId, service, operations, options, context) => {
      const answer = await called(
        {
          method: 'POST',
          path: `/customers/{customerId}/${service}:mutate`,
          params: { customerId },
          body: { operations, ...options },
        },
        Mutated,
        context,
      );
      return outcomesOf(operations, answer);
    },
  };
};

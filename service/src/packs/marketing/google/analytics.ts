/** Google Analytics 4: the Admin API for what there is, https://developers.google.com/analytics/devguides/config/admin/v1, and the Data API. */
import { analyticsadmin } from 'googleapis/build/src/apis/analyticsadmin/index.js';
import { analyticsdata } from 'googleapis/build/src/apis/analyticsdata/index.js';
import { CountersignError } from '../../../errors.ts';
import {
  AccountPage,
  type AnalyticsAccount,
  type AnalyticsProperty,
  type DataStream,
  DataStreamPage,
  PropertyPage,
  Report,
  type Summary,
  SummaryPage,
} from './analytics-answers.ts';
import { type Ask, asked } from './asked.ts';
import type { GoogleContext, GoogleParts } from './parts.ts';
import { turnsPer } from './turns.ts';

export interface ReportQuery {
  readonly startDate: string;
  readonly endDate: string;
  readonly dimensions: readonly string[];
  readonly metrics: readonly string[];
  /** A dimension to go by, ascending, or a metric, descending. */
  readonly orderBy: { readonly dimension: string } | { readonly metric: string };
}

export interface Analytics {
  accounts(context: GoogleContext): Promise<readonly AnalyticsAccount[]>;
  /** All accounts with their properties, by name only. */
  summaries(context: GoogleContext): Promise<readonly Summary[]>;
  properties(accountId: string, context: GoogleContext): Promise<readonly AnalyticsProperty[]>;
  dataStreams(propertyId: string, context: GoogleContext): Promise<readonly DataStream[]>;
  /** One page of a report, with totals over all its rows. */
  report(
    propertyId: string,
    query: ReportQuery,
    page: { readonly offset: number; readonly limit: number },
    context: GoogleContext,
  ): Promise<Report>;
  /** The last thirty minutes. */
  realtime(
    propertyId: string,
    query: { readonly dimensions: readonly string[]; readonly metrics: readonly string[]; readonly limit: number },
    context: GoogleContext,
  ): Promise<Report>;
}

const SCOPE = 'https://www.googleapis.com/auth/analytics.readonly';
/** The most that the Admin API gives at once. */
const PAGE_SIZE = 200;
/** 20,000 of what there is. An answer that has one more page for ever ends here. */
const MOST_PAGES = 100;
/** Of a standard property: https://developers.google.com/analytics/devguides/reporting/data/v1/quotas */
const AT_ONCE = 10;

/** Reads page after page, each by the token of the one before. */
const allPages = async <P extends { readonly nextPageToken?: string | undefined }, T>(
  read: (page: { readonly pageSize: number; readonly pageToken?: string }) => Promise<P>,
  itemsOf: (page: P) => readonly T[],
): Promise<T[]> => {
  const items: T[] = [];
  let token: string | undefined;
  for (let nth = 0; nth < MOST_PAGES; nth += 1) {
    const page = await read({ pageSize: PAGE_SIZE, ...(token !== undefined && { pageToken: token }) });
    items.push(...itemsOf(page));
    token = page.nextPageToken;
    if (token === undefined || token === '') return items;
  }
  throw new CountersignError('upstream_error', `Google Analytics lists more than ${MOST_PAGES * PAGE_SIZE} of these.`);
};

const named = (names: readonly string[]) => names.map((name) => ({ name }));

const orderOf = (by: ReportQuery['orderBy']) =>
  'metric' in by
    ? [{ metric: { metricName: by.metric }, desc: true }]
    : [{ dimension: { dimensionName: by.dimension } }];

type Asking = (path: string, context: GoogleContext) => Promise<Ask>;

const adminOf = (
  { open }: GoogleParts,
  ask: Asking,
): Pick<Analytics, 'accounts' | 'summaries' | 'properties' | 'dataStreams'> => {
  const upstream = open('analyticsAdmin');
  const { accounts, accountSummaries, properties } = analyticsadmin({ version: 'v1beta' });
  return {
    accounts: async (context) => {
      const send = await ask('/v1beta/accounts', context);
      const read = (page: object) =>
        asked(upstream, send, AccountPage, (options) => accounts.list({ ...page }, options));
      return allPages(read, (page) => page.accounts);
    },
    summaries: async (context) => {
      const send = await ask('/v1beta/accountSummaries', context);
      const read = (page: object) =>
        asked(upstream, send, SummaryPage, (options) => accountSummaries.list({ ...page }, options));
      return allPages(read, (page) => page.accountSummaries);
    },
    properties: async (accountId, context) => {
      const send = await ask('/v1beta/properties', context);
      const filter = `parent:accounts/${accountId}`;
      const read = (page: object) =>
        asked(upstream, send, PropertyPage, (options) => properties.list({ ...page, filter }, options));
      return allPages(read, (page) => page.properties);
    },
    dataStreams: async (propertyId, context) => {
      const send = await ask('/v1beta/properties/{property}/dataStreams', context);
      const parent = `properties/${propertyId}`;
      const read = (page: object) =>
        asked(upstream, send, DataStreamPage, (options) => properties.dataStreams.list({ ...page, parent }, options));
      return allPages(read, (page) => page.dataStreams);
    },
  };
};

const dataOf = ({ open }: GoogleParts, ask: Asking): Pick<Analytics, 'report' | 'realtime'> => {
  // The limit of calls at once is a property's, so that of the client is above it.
  const upstream = open('analyticsData', { atOnce: 5 * AT_ONCE, timeouts: { try: 60_000, call: 120_000 } });
  const perProperty = turnsPer(AT_ONCE);
  const { properties } = analyticsdata({ version: 'v1beta' });
  return {
    report: async (propertyId, { startDate, endDate, dimensions, metrics, orderBy }, { offset, limit }, context) => {
      const send = { ...(await ask('/v1beta/properties/{property}:runReport', context)), reads: true };
      const requestBody = {
        dateRanges: [{ startDate, endDate }],
        ...{ dimensions: named(dimensions), metrics: named(metrics), orderBys: orderOf(orderBy) },
        ...{ offset: String(offset), limit: String(limit) },
        // Users of several rows are one person: only Google can add them up.
        ...{ metricAggregations: ['TOTAL'], returnPropertyQuota: true },
      };
      const property = `properties/${propertyId}`;
      const run = () =>
        asked(upstream, send, Report, (options) => properties.runReport({ property, requestBody }, options));
      return perProperty(propertyId, run, context.signal);
    },
    realtime: async (propertyId, { dimensions, metrics, limit }, context) => {
      const send = { ...(await ask('/v1beta/properties/{property}:runRealtimeReport', context)), reads: true };
      const requestBody = {
        ...{ dimensions: named(dimensions), metrics: named(metrics), limit: String(limit) },
        ...{ metricAggregations: ['TOTAL'], returnPropertyQuota: true },
      };
      const property = `properties/${propertyId}`;
      const run = () =>
        asked(upstream, send, Report, (options) => properties.runRealtimeReport({ property, requestBody }, options));
      return perProperty(propertyId, run, context.signal);
    },
  };
};

export const openAnalytics = (google: GoogleParts): Analytics => {
  const ask: Asking = async (path, context) => ({
    ...{ path, scope: SCOPE, signal: context.signal },
    credential: await google.credential(context),
  });
  return { ...adminOf(google, ask), ...dataOf(google, ask) };
};

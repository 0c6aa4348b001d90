/** Google Search Console, https://developers.google.com/webmaster-tools/v1/api_reference_index. */
import { searchconsole } from 'googleapis/build/src/apis/searchconsole/index.js';
import { z } from 'zod';
import { type Ask, asked } from './asked.ts';
import type { GoogleContext, GoogleParts } from './parts.ts';
import { AnalyticsPage, Inspection, Site, Sitemap } from './search-console-answers.ts';

export interface AnalyticsQuery {
  readonly startDate: string;
  readonly endDate: string;
  readonly dimensions: readonly string[];
  readonly searchType: string;
  readonly dataState: string;
  readonly filters: readonly { readonly dimension: string; readonly operator: string; readonly expression: string }[];
}

/** Rows that Google gives at once, and most. */
export const ROWS_PER_PAGE = 25_000;

export interface SearchConsole {
  /** Properties that the person has at Google, approved here or not. */
  sites(context: GoogleContext): Promise<readonly Site[]>;
  /** @throws not_found where the person has no such property */
  site(siteUrl: string, context: GoogleContext): Promise<Site>;
  addSite(siteUrl: string, context: GoogleContext): Promise<void>;
  sitemaps(siteUrl: string, context: GoogleContext): Promise<readonly Sitemap[]>;
  /** @throws not_found */
  sitemap(siteUrl: string, feedpath: string, context: GoogleContext): Promise<Sitemap>;
  submitSitemap(siteUrl: string, feedpath: string, context: GoogleContext): Promise<void>;
  deleteSitemap(siteUrl: string, feedpath: string, context: GoogleContext): Promise<void>;
  /** One page of rows. @param rowLimit at most ROWS_PER_PAGE */
  analytics(
    siteUrl: string,
    query: AnalyticsQuery,
    page: { readonly startRow: number; readonly rowLimit: number },
    context: GoogleContext,
  ): Promise<AnalyticsPage>;
  inspect(
    siteUrl: string,
    url: string,
    languageCode: string | undefined,
    context: GoogleContext,
  ): Promise<Inspection | undefined>;
}

const READS = 'https://www.googleapis.com/auth/webmasters.readonly';
const WRITES = 'https://www.googleapis.com/auth/webmasters';
const SITES = '/webmasters/v3/sites';
const SITE = `${SITES}/{siteUrl}`;
const SITEMAP = `${SITE}/sitemaps/{feedpath}`;

export const openSearchConsole = ({ open, credential }: GoogleParts): SearchConsole => {
  // A page of 25,000 rows with long addresses has some ten million bytes, and takes Google a while.
  const upstream = open('searchConsole', { mostBytes: 40 * 1024 * 1024, timeouts: { try: 60_000, call: 120_000 } });
  const { sites, sitemaps, searchanalytics, urlInspection } = searchconsole({ version: 'v1' });
  const ask = async (path: string, scope: string, context: GoogleContext): Promise<Ask> => ({
    path,
    scope,
    credential: await credential(context),
    signal: context.signal,
  });
  return {
    sites: async (context) => {
      const shape = z.object({ siteEntry: z.array(Site).default([]) });
      const send = await ask(SITES, READS, context);
      return (await asked(upstream, send, shape, (options) => sites.list({}, options))).siteEntry;
    },
    site: async (siteUrl, context) =>
      asked(upstream, await ask(SITE, READS, context), Site, (options) => sites.get({ siteUrl }, options)),
    addSite: async (siteUrl, context) => {
      await asked(upstream, await ask(SITE, WRITES, context), z.unknown(), (options) =>
        sites.add({ siteUrl }, options),
      );
    },
    sitemaps: async (siteUrl, context) => {
      const shape = z.object({ sitemap: z.array(Sitemap).default([]) });
      const send = await ask(`${SITE}/sitemaps`, READS, context);
      return (await asked(upstream, send, shape, (options) => sitemaps.list({ siteUrl }, options))).sitemap;
    },
    sitemap: async (siteUrl, feedpath, context) =>
      asked(upstream, await ask(SITEMAP, READS, context), Sitemap, (options) =>
        sitemaps.get({ siteUrl, feedpath }, options),
      ),
    submitSitemap: async (siteUrl, feedpath, context) => {
      await asked(upstream, await ask(SITEMAP, WRITES, context), z.unknown(), (options) =>
        sitemaps.submit({ siteUrl, feedpath }, options),
      );
    },
    deleteSitemap: async (siteUrl, feedpath, context) => {
      await asked(upstream, await ask(SITEMAP, WRITES, context), z.unknown(), (options) =>
        sitemaps.delete({ siteUrl, feedpath }, options),
      );
    },
    analytics: async (siteUrl, { dimensions, searchType, filters, ...query }, page, context) => {
      const send = { ...(await ask(`${SITE}/searchAnalytics/query`, READS, context)), reads: true };
      const groups =
        filters.length === 0 ? {} : { dimensionFilterGroups: [{ groupType: 'and', filters: [...filters] }] };
      const requestBody = { ...query, ...page, ...groups, type: searchType, dimensions: [...dimensions] };
      return asked(upstream, send, AnalyticsPage, (options) =>
        searchanalytics.query({ siteUrl, requestBody }, options),
      );
    },
    inspect: async (siteUrl, inspectionUrl, languageCode, context) => {
      const send = { ...(await ask('/v1/urlInspection/index:inspect', READS, context)), reads: true };
      const shape = z.object({ inspectionResult: Inspection.optional() });
      const requestBody = { siteUrl, inspectionUrl, ...(languageCode !== undefined && { languageCode }) };
      const { inspectionResult } = await asked(upstream, send, shape, (options) =>
        urlInspection.index.inspect({ requestBody }, options),
      );
      return inspectionResult;
    },
  };
};

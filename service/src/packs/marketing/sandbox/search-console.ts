/** Search Console as the stand-in has it: properties with sitemaps and search traffic, of two Google accounts. */
import { z } from 'zod';
import type { Keeper } from './keeper.ts';
import { type Traffic, TrafficQuery, trafficRows, trafficTo } from './search-traffic.ts';
import { type Area, refused, type StandInAnswer, type StandInRequest } from './stand-in.ts';
import { askerOf, googleScopes } from './tokens.ts';

const SitemapSchema = z.object({
  path: z.string(),
  lastSubmitted: z.string(),
  lastDownloaded: z.string().optional(),
  isPending: z.boolean(),
  warnings: z.string(),
  errors: z.string(),
  contents: z.array(z.object({ type: z.string(), submitted: z.string() })).optional(),
});
type Sitemap = z.infer<typeof SitemapSchema>;

const permissionLevels = ['siteOwner', 'siteFullUser', 'siteRestrictedUser', 'siteUnverifiedUser'] as const;

interface Property {
  readonly siteUrl: string;
  readonly permissionLevel: (typeof permissionLevels)[number];
  readonly sitemaps: Map<string, Sitemap>;
  readonly traffic: readonly Traffic[];
}
type Properties = Map<string, Property>;

const demoSitemap: Sitemap = {
  path: 'https://www.example.com/sitemap.xml',
  lastSubmitted: '2026-10-01T08:00:00.000Z',
  lastDownloaded: '2026-11-19T03:12:00.000Z',
  isPending: false,
  warnings: '2',
  errors: '0',
  contents: [
    { type: 'web', submitted: '412' },
    { type: 'image', submitted: '87' },
  ],
};

/** @param combinations of query, page, country and device that people searched for */
const demoProperties = (combinations: number): readonly Property[] => [
  {
    siteUrl: 'sc-domain:example.com',
    permissionLevel: 'siteOwner',
    sitemaps: new Map([[demoSitemap.path, demoSitemap]]),
    traffic: trafficTo('https://www.example.com/', combinations),
  },
  {
    siteUrl: 'https://shop.example.com/',
    permissionLevel: 'siteFullUser',
    sitemaps: new Map(),
    traffic: trafficTo('https://shop.example.com/', 30),
  },
  { siteUrl: 'https://news.example.com/', permissionLevel: 'siteRestrictedUser', sitemaps: new Map(), traffic: [] },
];
const otherProperties = (): readonly Property[] => [
  { siteUrl: 'sc-domain:example.net', permissionLevel: 'siteOwner', sitemaps: new Map(), traffic: [] },
];
const bySite = (properties: readonly Property[]): Properties => new Map(properties.map((each) => [each.siteUrl, each]));

const shown = ({ siteUrl, permissionLevel }: Property) => ({ siteUrl, permissionLevel });
const done: StandInAnswer = { status: 204 };
const forbidden = (siteUrl: string): StandInAnswer =>
  refused(403, 'PERMISSION_DENIED', `User does not have sufficient permission for site '${siteUrl}'.`, 'forbidden');
const missing = (what: string): StandInAnswer => refused(404, 'NOT_FOUND', `'${what}' was not found.`, 'notFound');
const invalid = (message: string): StandInAnswer => refused(400, 'INVALID_ARGUMENT', message, 'invalidParameter');

const sitesAnswer = ({ method }: StandInRequest, siteUrl: string | undefined, properties: Properties) => {
  if (siteUrl === undefined)
    return properties.size === 0 ? { body: {} } : { body: { siteEntry: [...properties.values()].map(shown) } };
  const found = properties.get(siteUrl);
  if (method === 'GET') return found ? { body: shown(found) } : missing(siteUrl);
  if (method !== 'PUT') return undefined;
  if (!found)
    properties.set(siteUrl, { siteUrl, permissionLevel: 'siteUnverifiedUser', sitemaps: new Map(), traffic: [] });
  return done;
};

const sitemapAnswer = (
  { method, now }: StandInRequest,
  { siteUrl, permissionLevel, sitemaps }: Property,
  path: string,
) => {
  if (method === 'GET') return sitemaps.has(path) ? { body: sitemaps.get(path) } : missing(path);
  if (permissionLevel === 'siteRestrictedUser') return forbidden(siteUrl);
  if (method === 'PUT') {
    const before = sitemaps.get(path);
    const fresh = { isPending: true, warnings: '0', errors: '0' };
    sitemaps.set(path, { ...(before ?? fresh), path, lastSubmitted: now.toISOString() });
    return done;
  }
  return sitemaps.delete(path) ? done : missing(path);
};

const analyticsAnswer = ({ body, now }: StandInRequest, { traffic }: Property): StandInAnswer => {
  const query = TrafficQuery.safeParse(body);
  if (!query.success) return invalid(`Invalid query: ${query.error.issues[0]?.path.join('.')}`);
  const { startRow, rowLimit, dimensions, dataState } = query.data;
  const rows = trafficRows(traffic, query.data, now).slice(startRow, startRow + rowLimit);
  const fresh = dataState === 'all' && dimensions.includes('date');
  return {
    body: {
      ...(rows.length > 0 && { rows }),
      responseAggregationType: dimensions.includes('page') ? 'byPage' : 'byProperty',
      ...(fresh && { metadata: { first_incomplete_date: now.toISOString().slice(0, 10) } }),
    },
  };
};

const Inspect = z.object({ siteUrl: z.string(), inspectionUrl: z.string() });
const isWithin = (url: string, siteUrl: string): boolean => {
  const domain = /^sc-domain:(.+)$/.exec(siteUrl)?.[1];
  if (domain === undefined) return url.startsWith(siteUrl);
  const host = URL.parse(url)?.hostname ?? '';
  return host === domain || host.endsWith(`.${domain}`);
};

const inspectAnswer = ({ body }: StandInRequest, properties: Properties): StandInAnswer => {
  const asked = Inspect.safeParse(body);
  if (!asked.success) return invalid('siteUrl and inspectionUrl are needed.');
  const { siteUrl, inspectionUrl } = asked.data;
  const property = properties.get(siteUrl);
  if (property === undefined || !isWithin(inspectionUrl, siteUrl)) return forbidden(siteUrl);
  const known = property.traffic.some(({ page }) => page === inspectionUrl);
  const indexStatusResult = known
    ? {
        verdict: 'PASS',
        coverageState: 'Submitted and indexed',
        robotsTxtState: 'ALLOWED',
        indexingState: 'INDEXING_ALLOWED',
        lastCrawlTime: '2026-11-18T04:30:00Z',
        pageFetchState: 'SUCCESSFUL',
        googleCanonical: inspectionUrl,
        userCanonical: inspectionUrl,
        crawledAs: 'MOBILE',
      }
    : { verdict: 'NEUTRAL', coverageState: 'URL is unknown to Google' };
  const item = { name: 'Running shoes', issues: [{ severity: 'WARNING', issueMessage: 'Missing field "review"' }] };
  const rich = { verdict: 'PASS', detectedItems: [{ richResultType: 'Product snippets', items: [item] }] };
  return { body: { inspectionResult: { indexStatusResult, ...(known && { richResultsResult: rich }) } } };
};

const PATH = /^\/webmasters\/v3\/sites(?:\/([^/]+)(?:\/(sitemaps|searchAnalytics)(?:\/([^/]+))?)?)?$/;

const siteOf = (path: string): string => decodeURIComponent(PATH.exec(path)?.[1] ?? '');

const propertyAnswer = (request: StandInRequest, properties: Properties): StandInAnswer | undefined => {
  const [, site, part, rest] = PATH.exec(request.path) ?? [];
  const siteUrl = site && decodeURIComponent(site);
  if (siteUrl === undefined || part === undefined) return sitesAnswer(request, siteUrl, properties);
  const property = properties.get(siteUrl);
  if (property === undefined || property.permissionLevel === 'siteUnverifiedUser') return forbidden(siteUrl);
  if (part === 'searchAnalytics') return analyticsAnswer(request, property);
  if (rest !== undefined) return sitemapAnswer(request, property, decodeURIComponent(rest));
  return { body: property.sitemaps.size === 0 ? {} : { sitemap: [...property.sitemaps.values()] } };
};

/** What of a property is kept. */
const KeptProperty = z.object({
  account: z.string(),
  siteUrl: z.string(),
  permissionLevel: z.enum(permissionLevels),
  sitemaps: z.array(SitemapSchema),
});

const keptOf = (account: string, { siteUrl, permissionLevel, sitemaps }: Property) => ({
  name: `${account} ${siteUrl}`,
  record: { account, siteUrl, permissionLevel, sitemaps: [...sitemaps.values()].map((each) => ({ ...each })) },
});

/** Lays what was written before over the demo properties. */
const recall = async (accounts: ReadonlyMap<string, Properties>, keeper: Keeper | undefined): Promise<void> => {
  for (const kept of (await keeper?.load()) ?? []) {
    const { account, siteUrl, permissionLevel, sitemaps } = KeptProperty.parse(kept);
    const properties = accounts.get(account);
    const traffic = properties?.get(siteUrl)?.traffic ?? [];
    const held = new Map(sitemaps.map((each) => [each.path, each]));
    properties?.set(siteUrl, { siteUrl, permissionLevel, traffic, sitemaps: held });
  }
};

interface SearchConsoleOptions {
  /** How much was searched for; each makes a row where all dimensions are asked for. */
  readonly combinations?: number;
  /** Keeps what was written across restarts. Default: nothing is kept. */
  readonly keeper?: Keeper;
}

export const searchConsoleArea = ({ combinations = 400, keeper }: SearchConsoleOptions = {}): Area => {
  const accounts = new Map([
    ['demo', bySite(demoProperties(combinations))],
    ['other', bySite(otherProperties())],
  ]);
  let recalled: Promise<void> | undefined;
  return async (request) => {
    const { method, path } = request;
    const inspects = path === '/v1/urlInspection/index:inspect';
    if (!inspects && !PATH.test(path)) return undefined;
    recalled ??= recall(accounts, keeper);
    await recalled;
    const writes = method === 'PUT' || method === 'DELETE';
    const { searchConsole, searchConsoleReads } = googleScopes;
    const asker = askerOf(request, writes ? [searchConsole] : [searchConsole, searchConsoleReads]);
    if (asker.refusal) return asker.refusal;
    const properties = accounts.get(asker.account) ?? new Map();
    const answer = inspects ? inspectAnswer(request, properties) : propertyAnswer(request, properties);
    const written = properties.get(siteOf(path));
    if (writes && answer === done && written) await keeper?.save([keptOf(asker.account, written)]);
    return answer;
  };
};

/** Google Analytics as the stand-in has it: two Google accounts, of which each sees its own properties. */
import { faultIn, ReportRequest, reportOn, type Visit, visitsTo } from './analytics-figures.ts';
import { type Area, refused, type StandInAnswer, type StandInRequest } from './stand-in.ts';
import { askerOf, googleScopes } from './tokens.ts';

interface Property {
  readonly id: string;
  readonly account: string;
  readonly displayName: string;
  readonly timeZone: string;
  readonly currencyCode: string;
  readonly visits: readonly Visit[];
  /** Small: Google leaves rows out and reads a part of the events only. */
  readonly small: boolean;
  readonly streams: readonly object[];
}

const shopStreams = [
  {
    name: 'properties/123456789/dataStreams/1',
    type: 'WEB_DATA_STREAM',
    displayName: 'Shop',
    webStreamData: { measurementId: 'G-ABC1234567', defaultUri: 'https://www.example.com' },
  },
  {
    name: 'properties/123456789/dataStreams/2',
    type: 'ANDROID_APP_DATA_STREAM',
    displayName: 'Shop for Android',
    androidAppStreamData: { packageName: 'com.example.shop' },
  },
];

const shop = { id: '123456789', account: '1001', displayName: 'Shop', timeZone: 'Europe/Berlin', currencyCode: 'EUR' };
const magazine = {
  id: '987654321',
  account: '1002',
  displayName: 'Magazine',
  timeZone: 'Asia/Tokyo',
  currencyCode: 'JPY',
};
const outlet = { ...shop, id: '555000111', displayName: 'Outlet' };
const foreign = { id: '777000222', account: '2001', displayName: 'Foreign', timeZone: 'UTC', currencyCode: 'USD' };
const none = { visits: [], small: false, streams: [] };

/** Further ones, for whoever wants more than a page of them. */
const furtherStreams = (count: number) =>
  Array.from({ length: count }, (_, place) => ({
    name: `properties/123456789/dataStreams/${place + 3}`,
    type: 'WEB_DATA_STREAM',
    displayName: `Landing page ${place + 1}`,
    webStreamData: { measurementId: `G-LP${place + 1}`, defaultUri: `https://lp${place + 1}.example.com` },
  }));

const ownedBy = (pages: number, streams: number): Readonly<Record<string, readonly Property[]>> => ({
  demo: [
    { ...shop, visits: visitsTo(pages), small: false, streams: [...shopStreams, ...furtherStreams(streams)] },
    { ...magazine, ...none, visits: visitsTo(12), small: true },
    { ...outlet, ...none },
  ],
  other: [{ ...foreign, ...none }],
});

const accountNames: Readonly<Record<string, string>> = {
  '1001': 'Example Retail',
  '1002': 'Example Media',
  '2001': 'Elsewhere',
};
const TOKENS_PER_DAY = 200_000;
const TOKENS_PER_REPORT = 5;

const invalid = (message: string): StandInAnswer => refused(400, 'INVALID_ARGUMENT', message);
const forbidden = refused(403, 'PERMISSION_DENIED', 'User does not have sufficient permissions for this property.');

/** As the Admin API pages: by a token that only it can read. */
const pageOf = ({ query }: StandInRequest, field: string, all: readonly object[]): StandInAnswer => {
  const size = Math.min(200, Number(query.get('pageSize') ?? 50));
  const token = query.get('pageToken');
  const from = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(from) || !Number.isInteger(size) || size < 1) return invalid('Invalid page token or size.');
  const next =
    from + size < all.length ? { nextPageToken: Buffer.from(String(from + size)).toString('base64url') } : {};
  return { body: { ...(all.length > 0 && { [field]: all.slice(from, from + size) }), ...next } };
};

const accountsOf = (properties: readonly Property[]) => [...new Set(properties.map(({ account }) => account))];

const adminAnswer = (request: StandInRequest, properties: readonly Property[]): StandInAnswer | undefined => {
  const { path, query } = request;
  if (path === '/v1beta/accounts') {
    const all = accountsOf(properties).map((id) => ({ name: `accounts/${id}`, displayName: accountNames[id] }));
    return pageOf(request, 'accounts', all);
  }
  if (path === '/v1beta/accountSummaries') {
    const summaries = accountsOf(properties).map((id) => ({
      name: `accountSummaries/${id}`,
      account: `accounts/${id}`,
      displayName: accountNames[id],
      propertySummaries: properties
        .filter(({ account }) => account === id)
        .map((each) => ({
          property: `properties/${each.id}`,
          displayName: each.displayName,
          parent: `accounts/${id}`,
        })),
    }));
    return pageOf(request, 'accountSummaries', summaries);
  }
  if (path !== '/v1beta/properties') return undefined;
  const [, account] = /^parent:accounts\/(\d+)$/.exec(query.get('filter') ?? '') ?? [];
  if (account === undefined) return invalid('A filter such as parent:accounts/123 is needed.');
  const all = properties
    .filter((each) => each.account === account)
    .map(({ id, displayName, timeZone, currencyCode }) => ({
      ...{ name: `properties/${id}`, parent: `accounts/${account}` },
      ...{ displayName, timeZone, currencyCode },
    }));
  return all.length === 0 ? forbidden : pageOf(request, 'properties', all);
};

const metadataOf = ({ timeZone, currencyCode, small }: Property) => ({
  ...{ timeZone, currencyCode },
  ...(small && {
    subjectToThresholding: true,
    dataLossFromOtherRow: true,
    samplingMetadatas: [{ samplesReadCount: '500000', samplingSpaceSize: '2000000' }],
  }),
});

/**
 * @param combinations pages of the shop; each makes a row of a report by pagePath
 * @param streams data streams of the shop besides two
 */
export const analyticsArea = ({ combinations = 300, streams = 0 } = {}): Area => {
  const owned = ownedBy(combinations, streams);
  let tokensLeft = TOKENS_PER_DAY;
  const reportAnswer = ({ body, now }: StandInRequest, property: Property, past: boolean): StandInAnswer => {
    const parsed = ReportRequest.safeParse(body);
    if (!parsed.success || (past && parsed.data.dateRanges.length === 0)) return invalid('Invalid report request.');
    const fault = faultIn(parsed.data, now);
    if (fault !== undefined) return invalid(fault);
    tokensLeft -= TOKENS_PER_REPORT;
    const quota = { tokensPerDay: { consumed: TOKENS_PER_REPORT, remaining: tokensLeft } };
    return {
      body: {
        ...reportOn(property.visits, parsed.data, now),
        ...(past && { metadata: metadataOf(property) }),
        ...(parsed.data.returnPropertyQuota && { propertyQuota: quota }),
      },
    };
  };
  return (request) => {
    if (!request.path.startsWith('/v1beta/')) return undefined;
    const asker = askerOf(request, [googleScopes.analytics]);
    if (asker.refusal) return asker.refusal;
    const properties = owned[asker.account] ?? [];
    const [, id, part] =
      /^\/v1beta\/properties\/(\d+)(\/dataStreams|:runReport|:runRealtimeReport)$/.exec(request.path) ?? [];
    if (id === undefined) return adminAnswer(request, properties);
    const property = properties.find((each) => each.id === id);
    if (property === undefined) return forbidden;
    if (part === '/dataStreams') return pageOf(request, 'dataStreams', property.streams);
    return reportAnswer(request, property, part === ':runReport');
  };
};

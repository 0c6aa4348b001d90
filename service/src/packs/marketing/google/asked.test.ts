import { setImmediate } from 'node:timers/promises';
import { type GoogleRig, openGoogleRig } from '../../../../test/rigs/google.ts';
import { analyticsArea } from '../sandbox/analytics.ts';
import { searchConsoleArea } from '../sandbox/search-console.ts';
import { refused, type StandIn, type StandInAnswer, startStandIn } from '../sandbox/stand-in.ts';
import { openAnalytics } from './analytics.ts';
import { openSearchConsole } from './search-console.ts';

const now = () => new Date('2026-11-20T09:00:00Z');
const property = 'sc-domain:example.com';
const sitemap = 'https://www.example.com/new.xml';
let google: StandIn;
const rigs: GoogleRig[] = [];
const opened = (token?: string) => {
  const rig = openGoogleRig(google.url, { now, ...(token !== undefined && { token }) });
  rigs.push(rig);
  return { ...rig, searchConsole: openSearchConsole(rig.parts) };
};
beforeAll(async () => {
  google = await startStandIn([searchConsoleArea({ combinations: 1 }), analyticsArea({ combinations: 1 })], now);
});
afterAll(async () => {
  await Promise.all(rigs.map((rig) => rig.close()));
  await google.close();
});
const callsOf = async (work: () => Promise<unknown>) => {
  const before = google.calls.length;
  const outcome = await work().catch((error: unknown) => error);
  return { outcome, calls: google.calls.slice(before) };
};

/** As newer APIs say it: how long to wait is in the body. */
const withDelay = (answer: StandInAnswer, retryDelay: string): StandInAnswer => {
  const { error } = answer.body as { error: object };
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }];
  return { ...answer, body: { error: { ...error, details } } };
};
const tooMany = refused(429, 'RESOURCE_EXHAUSTED', 'Too many requests');
const limited = refused(403, 'PERMISSION_DENIED', 'Quota exceeded', 'rateLimitExceeded');

describe('what Google answers becomes', () => {
  it.each<[string, StandInAnswer, object]>([
    [
      '400',
      refused(400, 'INVALID_ARGUMENT', 'Wrong'),
      { code: 'invalid_input', details: { google_code: 'INVALID_ARGUMENT' } },
    ],
    [
      '403',
      refused(403, 'PERMISSION_DENIED', 'No', 'forbidden'),
      { code: 'access_denied', details: { google_code: 'GOOGLE_PERMISSION_DENIED' } },
    ],
    ['404', refused(404, 'NOT_FOUND', 'None'), { code: 'not_found', details: { google_code: 'NOT_FOUND' } }],
    ['409', refused(409, 'ABORTED', 'Again'), { code: 'upstream_error', details: { google_code: 'UPSTREAM_ERROR' } }],
    [
      '501',
      refused(501, 'UNIMPLEMENTED', 'Never'),
      { code: 'upstream_error', details: { google_code: 'UPSTREAM_ERROR' } },
    ],
    [
      '403 of a day',
      refused(403, 'PERMISSION_DENIED', 'Daily', 'quotaExceeded'),
      { code: 'throttled', details: { google_code: 'RATE_LIMITED' } },
    ],
    ['no JSON', { body: 'hello' }, { code: 'upstream_error', details: { google_code: 'UPSTREAM_ERROR' } }],
    [
      'another shape',
      { body: { siteEntry: 'all' } },
      { code: 'upstream_error', details: { google_code: 'UPSTREAM_ERROR' } },
    ],
  ])('%s, with one call', async (_, answer, error) => {
    const { searchConsole, context } = opened();
    google.fail(/sites/, answer);
    const { outcome, calls } = await callsOf(() => searchConsole.sites(context));
    expect(outcome).toMatchObject(error);
    expect(calls).toHaveLength(1);
  });

  it('401: a token that has expired', async () => {
    const { searchConsole, context } = opened('a token of yesterday');
    const { outcome } = await callsOf(() => searchConsole.sites(context));
    expect(outcome).toMatchObject({ code: 'credentials_required', details: { google_code: 'GOOGLE_AUTH_EXPIRED' } });
    expect(JSON.stringify(outcome)).not.toContain('yesterday');
  });

  it('403 of a scope: the one to allow', async () => {
    const { searchConsole, context, parts } = opened('reading-token');
    expect(await searchConsole.sites(context)).toHaveLength(3);
    const { outcome } = await callsOf(() => searchConsole.submitSitemap(property, sitemap, context));
    expect(outcome).toMatchObject({
      code: 'credentials_required',
      message: expect.stringContaining('allow https://www.googleapis.com/auth/webmasters.'),
      details: { google_code: 'GOOGLE_PERMISSION_DENIED' },
    });
    await expect(openAnalytics(parts).accounts(context)).rejects.toMatchObject({
      message: expect.stringContaining('allow https://www.googleapis.com/auth/analytics.readonly.'),
    });
  });

  it('the properties of whoever’s token it is', async () => {
    const { searchConsole, context } = opened('other-token');
    expect(await searchConsole.sites(context)).toEqual([
      { siteUrl: 'sc-domain:example.net', permissionLevel: 'siteOwner' },
    ]);
  });

  it('403 of a project in which the API is off: the operator’s to mend', async () => {
    const { searchConsole, context } = opened();
    google.fail(/sites/, refused(403, 'PERMISSION_DENIED', 'API has not been used in project 1', 'SERVICE_DISABLED'));
    const { outcome } = await callsOf(() => searchConsole.sites(context));
    expect(outcome).toMatchObject({ code: 'upstream_error', message: expect.stringContaining('Operator:') });
  });
});

describe('waits', () => {
  it.each<[string, StandInAnswer, number]>([
    ['429 with Retry-After', { ...tooMany, headers: { 'retry-after': '7' } }, 7],
    ['429 with a delay in the body', withDelay(tooMany, '6.2s'), 7],
    ['403 of a limit per minute', { ...limited, headers: { 'retry-after': '7' } }, 7],
    ['503 with Retry-After', { ...refused(503, 'UNAVAILABLE', 'Later'), headers: { 'retry-after': '7' } }, 7],
  ])('a read waits as long as %s says, and is tried again', async (_, answer, seconds) => {
    const { searchConsole, context, waits } = opened();
    google.fail(/sites/, answer);
    expect(await searchConsole.sites(context)).toHaveLength(3);
    expect(waits).toEqual([seconds]);
  });

  it('a POST that reads is tried again, three times and no more', async () => {
    const { searchConsole, context, waits } = opened();
    google.fail(/inspect/, { ...tooMany, headers: { 'retry-after': '1' } }, 4);
    const { outcome, calls } = await callsOf(() =>
      searchConsole.inspect(property, 'https://example.com/', undefined, context),
    );
    expect(calls).toHaveLength(4);
    expect(waits).toHaveLength(3);
    expect(outcome).toMatchObject({
      code: 'throttled',
      details: { google_code: 'RATE_LIMITED', retry_after_seconds: 1 },
    });
  });

  it.each(['429', '503'])('a write is not sent again after %s', async (status) => {
    const { searchConsole, context } = opened();
    google.fail(/^PUT/, { ...refused(Number(status), 'X', 'Later'), headers: { 'retry-after': '1' } });
    const { outcome, calls } = await callsOf(() => searchConsole.submitSitemap(property, sitemap, context));
    expect(calls).toHaveLength(1);
    expect(outcome).toMatchObject({ details: { retry_after_seconds: 1 } });
  });

  it('a wait of hours is told at once, with how long it is', async () => {
    const { searchConsole, context, waits } = opened();
    google.fail(/sites/, withDelay(tooMany, '7200s'));
    const { outcome, calls } = await callsOf(() => searchConsole.sites(context));
    expect([calls.length, waits]).toEqual([1, []]);
    expect(outcome).toMatchObject({
      code: 'throttled',
      details: { google_code: 'RATE_LIMITED', retry_after_seconds: 7200 },
    });
  });
});

it('runs ten reports of one property at once and no more, and does not make another property wait', async () => {
  const { parts, context } = opened();
  const { report } = openAnalytics(parts);
  const query = {
    startDate: 'today',
    endDate: 'today',
    dimensions: [],
    metrics: ['sessions'],
    orderBy: { metric: 'sessions' },
  };
  const page = { offset: 0, limit: 1 };
  google.fail(/123456789:runReport/, 'hang', 10);
  const given = new AbortController();
  const slow = { signal: given.signal };
  const before = google.calls.length;
  const hanging = Array.from({ length: 12 }, () =>
    report('123456789', query, page, slow).catch((error: unknown) => error),
  );
  const asked = () => google.calls.slice(before).filter(({ path }) => path.includes('123456789'));
  while (asked().length < 10) await setImmediate();
  expect(await report('987654321', query, page, context)).toMatchObject({ rowCount: 1 });
  expect(asked()).toHaveLength(10);
  given.abort();
  expect(await Promise.all(hanging)).toMatchObject(Array(12).fill({ code: 'cancelled' }));
  expect(await report('123456789', query, page, context)).toMatchObject({ rowCount: 1 });
});

/** The client of Google Ads beside a stand-in for it, for tests of the marketing pack. */
import { pino } from 'pino';
import { type Ads, type AdsSettings, openAds } from '../../src/packs/marketing/google/ads/ads.ts';
import { type GoogleContext, googleParts } from '../../src/packs/marketing/google/parts.ts';
import { type AdsAreaOptions, adsArea } from '../../src/packs/marketing/sandbox/ads/index.ts';
import { type StandIn, startStandIn } from '../../src/packs/marketing/sandbox/stand-in.ts';
import { openUpstreams } from '../../src/upstream/open.ts';

export interface AdsRig {
  readonly ads: Ads;
  readonly google: StandIn;
  readonly context: GoogleContext;
  close(): Promise<void>;
}

/** The day of the fact sheet's examples. */
export const exampleNow = () => new Date('2026-11-20T09:00:00Z');

export const openAdsRig = async (
  options: AdsAreaOptions = {},
  settings: Partial<AdsSettings> = {},
  now: () => Date = exampleNow,
): Promise<AdsRig> => {
  const google = await startStandIn([await adsArea(options)], now);
  const engine = openUpstreams({
    config: {},
    metrics: { count: () => {}, observe: () => {}, set: () => {} },
    log: pino({ level: 'silent' }),
    now,
  });
  const upstreams = engine.of({ name: 'marketing', egress: [], variables: ['GOOGLE_URL'] });
  return {
    ads: openAds(
      googleParts(upstreams, google.url, async () => undefined),
      { version: 'v26', ...settings },
    ),
    google,
    context: { signal: AbortSignal.timeout(30_000) },
    close: async () => {
      await engine.close();
      await google.close();
    },
  };
};

export const collected = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
};

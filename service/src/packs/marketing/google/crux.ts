/** Chrome UX Report, https://developer.chrome.com/docs/crux/api: public figures, read with an API key of the service's own. */
import { chromeuxreport } from 'googleapis/build/src/apis/chromeuxreport/index.js';
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { asked } from './asked.ts';
import type { GoogleContext, GoogleParts } from './parts.ts';

const CruxDate = z
  .object({ year: z.number(), month: z.number(), day: z.number() })
  .transform(({ year, month, day }) => new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10));
const Period = z.object({ firstDate: CruxDate, lastDate: CruxDate });

/** Of layout shifts it is text. A gap is null or "NaN". */
const Percentile = z
  .union([z.number(), z.string()])
  .nullable()
  .transform((value) => {
    const number = value === null ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : null;
  });

const Normalized = z.object({ normalizedUrl: z.string().optional() }).optional();
const Current = z.object({
  record: z.object({
    metrics: z.record(
      z.string(),
      z.object({
        percentiles: z.object({ p75: Percentile.default(null) }).optional(),
        histogram: z.array(z.object({ density: z.number().default(0) })).default([]),
      }),
    ),
    collectionPeriod: Period.optional(),
  }),
  urlNormalizationDetails: Normalized,
});
export type CruxRecord = z.infer<typeof Current>;

const History = z.object({
  record: z.object({
    metrics: z.record(
      z.string(),
      z.object({ percentilesTimeseries: z.object({ p75s: z.array(Percentile).default([]) }).optional() }),
    ),
    collectionPeriods: z.array(Period).default([]),
  }),
  urlNormalizationDetails: Normalized,
});
export type CruxHistory = z.infer<typeof History>;

/** A whole site or one page, on one kind of device or on all. */
export interface CruxTarget {
  readonly origin?: string | undefined;
  readonly url?: string | undefined;
  readonly formFactor: 'PHONE' | 'TABLET' | 'DESKTOP' | 'ALL';
}

export interface Crux {
  /** Of the last 28 days. @returns undefined where too few people visit it */
  current(target: CruxTarget, context: GoogleContext): Promise<CruxRecord | undefined>;
  /** @returns the newest periods, the oldest first, or undefined where there is no data */
  history(target: CruxTarget, periods: number, context: GoogleContext): Promise<CruxHistory | undefined>;
}

/** All devices together is the record that names none. */
const requestOf = ({ formFactor, ...target }: CruxTarget) => ({
  ...target,
  ...(formFactor !== 'ALL' && { formFactor }),
});

/** 404 says that there is no record: https://developer.chrome.com/docs/crux/api#data-not-found */
const orNone = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof CountersignError && error.code === 'not_found') return undefined;
    throw error;
  }
};

export const openCrux = ({ open }: GoogleParts, key: string): Crux => {
  const upstream = open('crux');
  const { records } = chromeuxreport({ version: 'v1' });
  const ask = (path: string, { signal }: GoogleContext) => ({ path, reads: true, secrets: { query: { key } }, signal });
  return {
    current: (target, context) =>
      orNone(
        asked(upstream, ask('/v1/records:queryRecord', context), Current, (options) =>
          records.queryRecord({ requestBody: requestOf(target) }, options),
        ),
      ),
    history: (target, collectionPeriodCount, context) =>
      orNone(
        asked(upstream, ask('/v1/records:queryHistoryRecord', context), History, (options) =>
          records.queryHistoryRecord({ requestBody: { ...requestOf(target), collectionPeriodCount } }, options),
        ),
      ),
  };
};

/** Reports of Google Ads over days of the account: rows by cost, and the sums of all of them. */
import { z } from 'zod';
import type { CallContext } from '../../../../call.ts';
import { CountersignError } from '../../../../errors.ts';
import { UntrustedText } from '../../../../untrusted.ts';
import { customerOf } from '../../google/ads/customer.ts';
import { AdsMetrics, createMetricSums } from '../../google/ads/metrics.ts';
import { digits, type Gaql, gaql, onDay, where } from '../../google/ads/query.ts';
import type { Marketing } from '../../world.ts';
import { AdsId, CustomerId, ofCustomer, shownMetrics } from './ads.ts';
import { readOnly } from './answer.ts';
import { Day, daysBefore, today } from './dates.ts';
import { CursorInput, CursorOutput } from './paging.ts';
import { streamedPage } from './streamed.ts';

const DAYS = 30;

export const reportInput = {
  customerId: CustomerId,
  campaignId: AdsId.optional().describe('Default: all'),
  startDate: Day.optional().describe('Of the account. Default: 30 days'),
  endDate: Day.optional().describe('Inclusive. Default: yesterday'),
  cursor: CursorInput,
};
const ReportInput = z.object(reportInput);

export const reportOutput = <Row extends z.ZodObject>(row: Row) =>
  z.object({
    start_date: z.string(),
    end_date: z.string(),
    time_zone: z.string(),
    currency: z.string(),
    // A list of tools is read whole: figures are named once, and not with the type of each.
    rows: z.array(row.loose().describe('and figures as in totals')),
    total: z.number(),
    totals: z
      .record(z.string(), z.unknown())
      .describe(
        'cost, average_cpc, cost_per_conversion, clicks, impressions, ctr (0 to 1), conversions, conversions_value',
      ),
    next_cursor: CursorOutput,
    sandbox: z.boolean(),
    untrusted_text: UntrustedText,
  });

/** Complete days: today is not over. @throws invalid_input where they are the wrong way round */
const periodOf = ({ startDate, endDate }: z.output<typeof ReportInput>, timeZone: string, now: Date) => {
  const end = endDate ?? daysBefore(today(timeZone, now), 1);
  const start = startDate ?? daysBefore(end, DAYS - 1);
  if (start > end)
    throw new CountersignError(
      'invalid_input',
      endDate === undefined
        ? `startDate: is after ${end}, the last complete day of the account. Give an endDate to ask for days that are not over.`
        : 'endDate: must not be before startDate.',
    );
  return { start, end };
};

/** Figures of each row, as a query names them. */
export const metricFields = gaql`metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.ctr, metrics.average_cpc, metrics.conversions, metrics.conversions_value, metrics.cost_per_conversion`;

/** Of a row about a part of an ad group. */
export const inAdGroup = {
  adGroup: z.looseObject({ id: z.string() }),
  campaign: z.looseObject({ id: z.string() }),
  metrics: AdsMetrics.prefault({}),
};

/** What reports have in common. */
export const reportSteps = {
  scopes: ['marketing:read'],
  input: z.strictObject(reportInput),
  annotations: readOnly,
  accounts: ofCustomer,
} as const;

export interface ReportSource<Row extends z.ZodType<{ readonly metrics: AdsMetrics }>, Shown> {
  /** @param conditions of the days, and of the campaign where one is asked for */
  query(conditions: Gaql): Gaql;
  readonly row: Row;
  show(row: z.output<Row>): Shown;
  /** Names of the shown fields with text from outside. */
  readonly untrusted: readonly string[];
}

export const performanceReport = async <Row extends z.ZodType<{ readonly metrics: AdsMetrics }>, Shown extends object>(
  { ads, sandbox }: Pick<Marketing, 'ads' | 'sandbox'>,
  input: z.output<typeof ReportInput>,
  context: CallContext,
  { query, row, show, untrusted }: ReportSource<Row, Shown>,
) => {
  const { customerId, campaignId, cursor } = input;
  const { currency, timeZone } = await customerOf(ads, customerId, context);
  const { start, end } = periodOf(input, timeZone, context.now());
  const ofCampaign = where(campaignId !== undefined, () => gaql` AND campaign.id = ${digits(campaignId ?? '')}`);
  const asked = query(gaql`segments.date BETWEEN ${onDay(start)} AND ${onDay(end)}${ofCampaign}`);
  const sums = createMetricSums();
  const { page, total, ...more } = await streamedPage(
    ads.rows(customerId, asked, row, context),
    cursor,
    (each) => ({ ...show(each), ...shownMetrics(each.metrics, currency) }),
    ({ metrics }) => sums.add(metrics),
  );
  return {
    ...{ start_date: start, end_date: end, time_zone: timeZone, currency },
    rows: [...page],
    total,
    totals: { ...shownMetrics(sums.sums(), currency) },
    ...more,
    sandbox,
    untrusted_text: untrusted.map((field) => `rows[].${field}`),
  };
};

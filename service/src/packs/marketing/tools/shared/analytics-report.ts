/** A report of Google Analytics as answers show it. */
import { z } from 'zod';
import type { Report, ReportRow } from '../../google/analytics-answers.ts';
import { shown, shownOrNull } from './answer.ts';

/** Names of dimensions and metrics, also those a property has of its own: `customEvent:plan`. */
export const FieldName = z
  .string()
  .max(100)
  .refine((name) => /^[A-Za-z][A-Za-z0-9_]*(:[A-Za-z0-9_-]+)?$/.test(name), 'must be an API name such as sessions');

export const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;

const Values = z.array(z.string());
export const ReportAnswer = {
  /** All that there are. */
  row_count: z.number(),
  dimensions: z.array(z.string()),
  metrics: z.array(z.object({ name: z.string(), unit: z.string() })),
  /** Over all rows, one a metric. */
  totals: Values,
  rows: z.array(z.object({ dimensions: Values, metrics: Values })),
  notes: z.array(z.string()),
  tokens_left_today: z.number().nullable(),
};

/** TYPE_CURRENCY is in units of the report's currency, never in micros. */
const unitOf = (type: string, currency: string | undefined): string =>
  type === 'TYPE_CURRENCY' ? (currency ?? 'currency') : type.replace(/^TYPE_/, '').toLowerCase();

const valuesOf = (values: ReportRow['metricValues']): string[] => values.map(({ value }) => shown(value));
export const shownRow = ({ dimensionValues, metricValues }: ReportRow) => ({
  dimensions: valuesOf(dimensionValues),
  metrics: valuesOf(metricValues),
});

/** Percent of the data that was read. */
const sampledPercent = ({ metadata }: Report): number | undefined => {
  const [sample] = metadata?.samplingMetadatas ?? [];
  if (sample === undefined) return undefined;
  return Math.round((Number(sample.samplesReadCount) / Number(sample.samplingSpaceSize)) * 1000) / 10;
};

const notesOn = (report: Report): string[] => {
  const sampled = sampledPercent(report);
  const { subjectToThresholding, dataLossFromOtherRow, emptyReason } = report.metadata ?? {};
  return [
    ...(subjectToThresholding ? ['Thresholding: rows of too few people may be left out.'] : []),
    ...(sampled === undefined ? [] : [`Sampled: figures rest on ${sampled} % of the events.`]),
    ...(dataLossFromOtherRow ? ['Rare values are in the row (other).'] : []),
    ...(emptyReason ? [`No rows: ${shown(emptyReason)}`] : []),
  ];
};

/** All but the rows. */
export const aboutReport = (report: Report) => ({
  row_count: report.rowCount,
  dimensions: report.dimensionHeaders.map(({ name }) => shown(name)),
  metrics: report.metricHeaders.map(({ name, type }) => ({
    name: shown(name),
    unit: unitOf(shown(type), shownOrNull(report.metadata?.currencyCode) ?? undefined),
  })),
  totals: valuesOf(report.totals[0]?.metricValues ?? []),
  notes: notesOn(report),
  tokens_left_today: report.propertyQuota?.tokensPerDay?.remaining ?? null,
});

/** Core Web Vitals week by week. */
import { z } from 'zod';
import type { CruxHistory } from '../../google/crux.ts';
import { AnswerRows, shown } from './answer.ts';
import { ratingOf, type Vital, vitals } from './web-vitals.ts';

export const HistoryAnswer = z.object({
  status: z.string(),
  normalized_url: z.string().optional(),
  /** The latest p75 of each metric, its rating, the change since the first week that has data, and the weeks that have none. */
  metrics: AnswerRows,
  /** p75, the oldest week first. Null: too little data. */
  weeks: AnswerRows,
});

/** Null where there is nothing to compare with, and where it began at 0. */
const changeOf = (known: readonly number[]): number | null => {
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === 0) return null;
  return Math.round(((last - first) / first) * 1000) / 10;
};

const trendOf = (vital: Vital, p75s: readonly (number | null)[]) => {
  const known = p75s.filter((p75) => p75 !== null);
  const latest = known.at(-1) ?? null;
  return {
    ...{ metric: vital.name, unit: vital.unit, latest, rating: ratingOf(vital, latest) },
    ...{ change_percent: changeOf(known), gaps: p75s.length - known.length },
  };
};

export const historyOf = (found: CruxHistory | undefined): z.input<typeof HistoryAnswer> => {
  if (found === undefined) return { status: 'no_data', metrics: [], weeks: [] };
  const { metrics, collectionPeriods } = found.record;
  const seriesOf = ({ metric }: Vital): (number | null)[] => {
    const p75s = metrics[metric]?.percentilesTimeseries?.p75s ?? [];
    return collectionPeriods.map((_, week) => p75s[week] ?? null);
  };
  const series = new Map(vitals.map((vital) => [vital.name, seriesOf(vital)]));
  const at = (name: string, week: number): number | null => series.get(name)?.[week] ?? null;
  const normalized = found.urlNormalizationDetails?.normalizedUrl;
  return {
    status: 'ok',
    ...(normalized !== undefined && { normalized_url: shown(normalized) }),
    metrics: vitals.filter(({ metric }) => metrics[metric]).map((vital) => trendOf(vital, seriesOf(vital))),
    weeks: collectionPeriods.map(({ lastDate: last_date }, week) => ({
      ...{ last_date, LCP: at('LCP', week), INP: at('INP', week), CLS: at('CLS', week) },
      ...{ FCP: at('FCP', week), TTFB: at('TTFB', week) },
    })),
  };
};

/** Scores over time: of each period its last complete scan, all of one extent. Pure. */
import { ratio } from '../scan/score.ts';
import type { ScanSummary } from '../scan/stored-scan.ts';

export const periods = ['day', 'week', 'month'] as const;
export type HistoryPeriod = (typeof periods)[number];

export const trends = ['improving', 'declining', 'stable', 'no_data'] as const;
export type Trend = (typeof trends)[number];

const DAY = 86_400_000;
/** Scores closer than half a point are the same. */
const NOTABLE = 0.005;

/** The first day of the period that a time is in, UTC. Weeks begin on Monday, as in ISO 8601. */
export const periodStart = (timestamp: string, period: HistoryPeriod): string => {
  const day = timestamp.slice(0, 10);
  if (period === 'day') return day;
  if (period === 'month') return `${day.slice(0, 7)}-01`;
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  return new Date(Date.parse(day) - weekday * DAY).toISOString().slice(0, 10);
};

export interface HistoryPoint {
  readonly periodStart: string;
  readonly scan: ScanSummary;
  /** 0 to 1; null where there was nothing to judge. */
  readonly score: number | null;
}

/**
 * One point a period, oldest first. Scans that repeat are not added up, and one that could not read everything says nothing about
 * the period.
 * @param scans of one extent, oldest first
 */
export const historyBy = (scans: readonly ScanSummary[], period: HistoryPeriod): HistoryPoint[] => {
  const last = new Map<string, ScanSummary>();
  for (const scan of scans) if (scan.quality === 'complete') last.set(periodStart(scan.timestamp, period), scan);
  return [...last].map(([start, scan]) => ({
    periodStart: start,
    scan,
    score: scan.counts.total === 0 ? null : ratio(scan.counts.compliant, scan.counts.total),
  }));
};

export interface TrendOf {
  readonly trend: Trend;
  readonly earliest: number | null;
  readonly latest: number | null;
}

export const trendOf = (points: readonly HistoryPoint[]): TrendOf => {
  const scores = points.map(({ score }) => score).filter((score) => score !== null);
  const [earliest, latest] = [scores[0], scores.at(-1)];
  if (earliest === undefined || latest === undefined) return { trend: 'no_data', earliest: null, latest: null };
  const moved = latest - earliest;
  const trend = Math.abs(moved) < NOTABLE ? 'stable' : moved > 0 ? 'improving' : 'declining';
  return { trend, earliest, latest };
};

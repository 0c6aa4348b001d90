/** How well a site is: a figure from 0 to 100, a status, and how sure the status is. */

import type { Alert } from '../model/alert.ts';
import { type ElementType, rankOf } from '../model/element.ts';

export const siteStatuses = ['MAINTENANCE', 'DOWN', 'DEGRADED', 'OPERATIONAL'] as const;
export type SiteStatus = (typeof siteStatuses)[number];

export type WeighedAlarm = Pick<Alert, 'severity' | 'element_type'>;

export interface SiteState {
  readonly open: readonly WeighedAlarm[];
  /** Closed in the last 24 hours. */
  readonly closed: readonly WeighedAlarm[];
  /** Significant clusters that began in the last 24 hours. */
  readonly recentClusters: number;
  /** A maintenance silence that is active matches the site. */
  readonly maintenance: boolean;
}

export interface SiteHealth {
  readonly status: SiteStatus;
  /** 0 to 1, four decimals. */
  readonly confidence: number;
  /** 0 to 100, one decimal. */
  readonly health: number;
}

/** By severity 0 to 5. */
const WEIGHTS = [0, 0, 1, 3, 10, 25];
/** By causal rank, in tenths. */
const TENTHS: Readonly<Record<ElementType, number>> = {
  POWER_SYSTEM: 15,
  TRANSMISSION: 13,
  CORE_NETWORK: 12,
  CELL_SITE: 10,
  UNKNOWN: 10,
};
/** Health is counted in fortieths, in which all its parts are whole: no float decides whether a site is down. */
const FORTIETHS = 40;

/** In tenths. */
const weightOf = (alarms: readonly WeighedAlarm[]): number =>
  alarms.reduce((sum, { severity, element_type }) => sum + (WEIGHTS[severity] ?? 0) * TENTHS[element_type], 0);

/** In fortieths: 4 for a tenth of what is open, 1 for one of what was closed, as it counts a quarter. */
const fortiethsOf = ({ open, closed, recentClusters }: SiteState): number =>
  Math.max(
    0,
    100 * FORTIETHS - 4 * weightOf(open) - weightOf(closed) - 2 * FORTIETHS * Math.max(0, recentClusters - 2),
  );

const isMajor = ({ severity }: WeighedAlarm): boolean => severity >= 4;

/** Causes outages beyond itself: power, transmission, core. */
const takesDown = ({ severity, element_type }: WeighedAlarm): boolean => severity === 5 && rankOf(element_type) <= 3;

const statusOf = ({ open, maintenance }: SiteState, fortieths: number): SiteStatus => {
  if (maintenance) return 'MAINTENANCE';
  if (open.some(takesDown) || fortieths < 40 * FORTIETHS) return 'DOWN';
  if (open.some(isMajor) || fortieths < 80 * FORTIETHS) return 'DEGRADED';
  return 'OPERATIONAL';
};

const confidenceOf = (status: SiteStatus, { open }: SiteState, fortieths: number): number => {
  if (status === 'MAINTENANCE') return 1;
  if (status === 'OPERATIONAL') return Math.round((fortieths * 100) / FORTIETHS) / 10_000;
  return Math.round((1 - 2 ** -Math.max(1, open.filter(isMajor).length)) * 10_000) / 10_000;
};

export const healthOf = (site: SiteState): SiteHealth => {
  const fortieths = fortiethsOf(site);
  const status = statusOf(site, fortieths);
  return {
    status,
    confidence: confidenceOf(status, site, fortieths),
    health: Math.round((fortieths * 10) / FORTIETHS) / 10,
  };
};

/** Which alerts a list shows, and in which order: the tool and the page have the same. */
import type { Alert } from '../model/alert.ts';
import { compileMatchers, labelsOf, type Matcher } from '../model/matchers.ts';

/** The worst first, of those the newest, so what needs somebody stands on top. */
export const worstNewest = ({ severity, starts_at, alert_id }: Alert) => [-severity, -Date.parse(starts_at), alert_id];

export interface AlertFilter {
  readonly status: readonly Alert['status'][];
  /** At least this bad. */
  readonly min_severity: number;
  readonly site_code?: string | undefined;
  readonly matchers: readonly Matcher[];
  /** ISO times: it began then or later, and before. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Whether an alert is one of those that are asked for. */
export const alertFilter = ({ status, min_severity, site_code, matchers, from, to }: AlertFilter) => {
  const matches = compileMatchers(matchers);
  const [since, until] = [
    from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  ];
  return (alert: Alert): boolean => {
    const at = Date.parse(alert.starts_at);
    return (
      status.includes(alert.status) &&
      alert.severity >= min_severity &&
      (site_code === undefined || alert.site_code === site_code) &&
      since <= at &&
      at < until &&
      (matchers.length === 0 || matches(labelsOf(alert)))
    );
  };
};

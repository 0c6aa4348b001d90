/** Whether the new variant does well enough, by the figures of its own targets. Alarms are slower and see both variants. */
import type { Figure, Figures, Warmth } from './seen.ts';

/** Fewer requests prove nothing. */
export const LEAST_REQUESTS = 20;

export const requestsIn = (figures: Figures): number => figures.reduce((sum, { requests }) => sum + requests, 0);

const WINDOW = 3;
const windowsOf = (figures: Figures): Figures[] =>
  figures.length <= WINDOW
    ? [figures]
    : figures.slice(WINDOW - 1).map((_, index) => figures.slice(index, index + WINDOW));

const errs = ({ errors, requests }: Figure): boolean => errors > Math.max(2, requests / 100);

const tooManyErrors = (figures: Figures): string | undefined => {
  const found = windowsOf(figures).find((window) => window.filter(errs).length >= 2);
  if (found === undefined) return undefined;
  const told = found.filter(errs).map(({ errors, requests }) => `${errors} of ${requests}`);
  return `it answered ${told.join(' and ')} requests of a minute with 5xx`;
};

const tooSlow = (figures: Figures, alarmMs: number): string | undefined => {
  const isSlow = ({ p99, p99Old = 0 }: Figure): boolean => p99 !== undefined && p99 > Math.max(alarmMs, 1.5 * p99Old);
  const found = windowsOf(figures).find((window) => window.length === WINDOW && window.every(isSlow));
  if (found === undefined) return undefined;
  const worst = Math.round(Math.max(...found.map(({ p99 = 0 }) => p99)));
  return `its p99 was above ${alarmMs} ms and 1.5 times the old one’s for three minutes, ${worst} ms at worst`;
};

const twice = (figures: Figures, of: (figure: Figure) => number): boolean =>
  figures.filter((figure) => of(figure) > 0).length >= 2;

export interface Seen {
  readonly figures: Figures;
  /** Alarms that sound and did not when the run began. */
  readonly alarms: readonly string[];
  readonly warmth: Warmth;
}

/** Why traffic has to go back; undefined while all is well. */
export const faultIn = ({ figures, alarms, warmth }: Seen, alarmMs: number): string | undefined => {
  if (alarms.length > 0) return `${alarms.join(', ')} began to sound`;
  if (warmth.failed !== undefined) return warmth.failed;
  if (twice(figures, ({ unhealthy }) => unhealthy)) return 'targets of it were unhealthy twice';
  if (twice(figures, ({ balancerErrors }) => balancerErrors)) return 'the load balancer itself answered 5xx twice';
  return tooManyErrors(figures) ?? tooSlow(figures, alarmMs);
};

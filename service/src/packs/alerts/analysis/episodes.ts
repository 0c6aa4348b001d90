/** From raise to clear: how long alarms of one site lasted, and when a Critical one was open. */
import type { Alert } from '../model/alert.ts';
import type { AlertEvent } from '../model/event.ts';
import type { AnalysisWindow } from './window.ts';

/** Milliseconds since 1970, the end exclusive. */
type Interval = readonly [from: number, to: number];

const CRITICAL = 5;

interface OpenAlarm {
  readonly raisedAt: number | undefined;
  readonly criticalSince: number | undefined;
}

export interface EpisodeFigures {
  /** Milliseconds from raise to clear, of what was cleared. */
  readonly repairs: readonly number[];
  /** Milliseconds in which at least one Critical alarm was open. */
  readonly criticalMs: number;
  readonly raises: number;
  readonly duplicates: number;
}

const unionOf = (intervals: readonly Interval[]): number => {
  let [sum, reached] = [0, Number.NEGATIVE_INFINITY];
  for (const [from, to] of [...intervals].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return sum;
};

/**
 * @example
 * const episodes = new Episodes(window);
 * for (const event of events) episodes.add(event);
 * const { repairs } = episodes.end(alerts);
 */
export class Episodes {
  readonly #window: AnalysisWindow;
  readonly #open = new Map<string, OpenAlarm>();
  /** Alerts of which the window has an event. */
  readonly #seen = new Set<string>();
  readonly #repairs: number[] = [];
  readonly #critical: Interval[] = [];
  #raises = 0;
  #duplicates = 0;

  constructor(window: AnalysisWindow) {
    this.#window = window;
  }

  /** Events of the window in the order of (at, event_id). */
  add(event: AlertEvent): void {
    if (event.duplicate) {
      this.#duplicates += 1;
      return;
    }
    if (event.kind === 'raise') this.#raises += 1;
    if (event.kind === 'clear') this.#clear(event);
    else this.#go(event);
    this.#seen.add(event.alert_id);
  }

  /** @param alerts of the site as they are kept: those that were open all the time have no event in the window */
  end(alerts: readonly Alert[]): EpisodeFigures {
    const { from, to } = this.#window;
    for (const { criticalSince } of this.#open.values())
      if (criticalSince !== undefined) this.#critical.push([criticalSince, to]);
    for (const alert of alerts)
      if (!this.#seen.has(alert.alert_id) && alert.severity === CRITICAL && wasOpenThrough(alert, from, to))
        this.#critical.push([from, to]);
    return {
      repairs: this.#repairs,
      criticalMs: unionOf(this.#critical),
      raises: this.#raises,
      duplicates: this.#duplicates,
    };
  }

  /** It is open from now on, as severe as it says. */
  #go({ alert_id, at, kind, severity, since, acknowledged }: AlertEvent): void {
    const [open, time] = [this.#open.get(alert_id), Date.parse(at)];
    if (open?.criticalSince !== undefined && severity !== CRITICAL) this.#critical.push([open.criticalSince, time]);
    // Whoever takes it on does not change its severity: it has been open since before the window.
    const before = acknowledged && !this.#seen.has(alert_id) ? this.#within(since) : time;
    const criticalSince = severity === CRITICAL ? (open?.criticalSince ?? before) : undefined;
    this.#open.set(alert_id, { raisedAt: kind === 'raise' ? time : open?.raisedAt, criticalSince });
  }

  #clear({ alert_id, at, severity, since }: AlertEvent): void {
    const [open, time] = [this.#open.get(alert_id), Date.parse(at)];
    const raisedAt = since === undefined ? open?.raisedAt : Date.parse(since);
    if (raisedAt !== undefined) this.#repairs.push(time - raisedAt);
    // Of what was raised before the window there is no other event: it was as severe as it ended.
    const unseen = severity === CRITICAL && !this.#seen.has(alert_id) ? this.#within(since) : undefined;
    const criticalSince = open === undefined ? unseen : open.criticalSince;
    if (criticalSince !== undefined) this.#critical.push([criticalSince, time]);
    this.#open.delete(alert_id);
  }

  #within(since: string | undefined): number {
    return Math.max(this.#window.from, since === undefined ? 0 : Date.parse(since));
  }
}

const wasOpenThrough = ({ starts_at, resolved_at }: Alert, from: number, to: number): boolean =>
  Date.parse(starts_at) < from && (resolved_at === null || Date.parse(resolved_at) >= to);

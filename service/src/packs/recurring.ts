/** Work of a pack that comes by itself, as data. */

/** One occurrence is one job, whatever the number of tasks. A schedule that fell behind makes one job, for the latest occurrence. */
export interface RecurringJob {
  /** Unique in the pack. */
  readonly name: string;
  /** Name of the worker of the pack that does it. */
  readonly worker: string;
  /**
   * Minute, hour, day of the month, month, day of the week.
   * @example
   * { name: 'forget', worker: 'forget-old-notes', cron: '30 2 * * *', timeZone: config.TIME_ZONE, payload: { days: 30 } }
   */
  readonly cron: string;
  /** Of the IANA database. Default: UTC. */
  readonly timeZone?: string;
  /** Default: an empty object. */
  readonly payload?: unknown;
}

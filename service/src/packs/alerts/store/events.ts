/** Events of alerts by the hour in which they happened, as gzipped lines of JSON. */
import type { Objects } from '../../../ports/objects.ts';
import type { AlertEvent } from '../model/event.ts';
import { eventRows, zipEvents } from './event-rows.ts';
import { ReadAhead } from './read-ahead.ts';

const FOLDER = 'alerts/events/';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days that are listed at once. */
const LISTS_AT_ONCE = 8;
/** Objects of one hour that are merged into one: with posts of 500, some 100,000 events. */
const MERGED = 200;
const merged = /\/merged-[^/]+$/;

export interface EventPeriod {
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
}

export interface Events {
  /** Writes the events of a batch. Written again, they are the same objects. */
  write(batchId: string, events: readonly AlertEvent[]): Promise<void>;
  /**
   * Merges the small objects of hours that are over, so that a reader opens a few large ones.
   * @returns how many objects are gone
   */
  merge(period: EventPeriod, signal: AbortSignal): Promise<number>;
  /** Events that happened within a period, each once, hour after hour; within an hour in no order. */
  read(period: EventPeriod, signal: AbortSignal): AsyncIterable<readonly AlertEvent[]>;
}

const hourOf = (at: string): string => `dt=${at.slice(0, 10)}/hh=${at.slice(11, 13)}/`;

const byHour = (events: readonly AlertEvent[]): ReadonlyMap<string, readonly AlertEvent[]> =>
  Map.groupBy(events, ({ at }) => hourOf(at));

/** The folders of days that a period touches, oldest first. */
const daysOf = ({ from, to }: EventPeriod): string[] => {
  const days: string[] = [];
  for (let day = Math.floor(from.getTime() / DAY_MS) * DAY_MS; day < to.getTime(); day += DAY_MS)
    days.push(`${FOLDER}dt=${new Date(day).toISOString().slice(0, 10)}/`);
  return days;
};

const hourFolder = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

const hourOfKey = (key: string): number => {
  const [, day, hour] = /dt=(\d{4}-\d\d-\d\d)\/hh=(\d\d)\//.exec(key) ?? [];
  return Date.parse(`${day}T${hour}:00:00Z`);
};

/** Whether an event is met for the first time. */
const firstTime = (): ((event: AlertEvent) => boolean) => {
  const seen = new Set<string>();
  return ({ event_id }) => !seen.has(event_id) && seen.add(event_id) === seen;
};

export const createEvents = (objects: Objects): Events => {
  const keysOf = async (folder: string): Promise<string[]> => {
    const keys: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await objects.list(folder, { limit: 1000, ...(cursor !== undefined && { cursor }) });
      keys.push(...page.items.map(({ key }) => key));
      cursor = page.cursor;
    } while (cursor !== undefined);
    return keys;
  };

  /** Keys of each hour that a period touches, the oldest hour first. */
  const hoursOf = async (period: EventPeriod): Promise<(readonly string[])[]> => {
    const hours = Map.groupBy((await keysOfDays(daysOf(period))).flat(), hourOfKey);
    const within = ([hour]: readonly [number, unknown]): boolean =>
      hour + HOUR_MS > period.from.getTime() && hour < period.to.getTime();
    return [...hours].filter(within).map(([, keys]) => keys);
  };

  const keysOfDays = async (folders: readonly string[]): Promise<string[][]> => {
    const days: string[][] = [];
    for (let at = 0; at < folders.length; at += LISTS_AT_ONCE)
      days.push(...(await Promise.all(folders.slice(at, at + LISTS_AT_ONCE).map(keysOf))));
    return days;
  };

  /** @returns whether one was gone: it was merged since it was listed, so its events are in an object that was not there */
  async function* rowsOfKeys(
    keys: readonly string[],
    ahead: ReadAhead,
    signal: AbortSignal,
  ): AsyncGenerator<readonly AlertEvent[], boolean> {
    let gone = false;
    for (const key of keys) {
      const found = await ahead.take(key);
      if (found === undefined) gone = true;
      else yield* eventRows(found, signal);
    }
    return gone;
  }

  /** Every row of an hour that has several objects; some of them twice, where objects were merged meanwhile. */
  async function* rowsOfHour(
    keys: readonly string[],
    ahead: ReadAhead,
    signal: AbortSignal,
  ): AsyncGenerator<readonly AlertEvent[]> {
    const read = new Set<string>();
    for (let unread = keys; unread.length > 0; ) {
      for (const key of unread) read.add(key);
      const gone = yield* rowsOfKeys(unread, ahead, signal);
      const [first] = gone ? unread : [];
      unread = first === undefined ? [] : (await keysOf(hourFolder(first))).filter((key) => !read.has(key));
    }
  }

  const writeRows = async (key: string, rows: readonly AlertEvent[]): Promise<void> => {
    await objects.put(key, await zipEvents(rows), { contentType: 'application/gzip' });
  };

  /** The merged object is there before those it is made of go: whoever reads meanwhile, or after a crash, meets events twice. */
  const mergeInto = async (keys: readonly string[], signal: AbortSignal): Promise<number> => {
    const [first] = keys;
    if (first === undefined || keys.length === 1) return 0;
    const rows = new Map<string, AlertEvent>();
    for (const key of keys) {
      const found = await objects.get(key);
      if (found === undefined) continue;
      for await (const page of eventRows(found, signal)) for (const row of page) rows.set(row.event_id, row);
    }
    const name = first.slice(first.lastIndexOf('/') + 1);
    await writeRows(`${first.slice(0, -name.length)}merged-${name}`, [...rows.values()]);
    for (const key of keys) await objects.remove(key);
    return keys.length - 1;
  };

  return {
    write: async (batchId, events) => {
      await Promise.all(
        [...byHour(events)].map(([hour, rows]) => writeRows(`${FOLDER}${hour}${batchId}.jsonl.gz`, rows)),
      );
    },
    merge: async (period, signal) => {
      let gone = 0;
      for (const keys of await hoursOf(period)) {
        const small = keys.filter((key) => !merged.test(key));
        for (let at = 0; at < small.length; at += MERGED) gone += await mergeInto(small.slice(at, at + MERGED), signal);
      }
      return gone;
    },
    read: async function* (period, signal) {
      const [from, to] = [period.from.toISOString(), period.to.toISOString()];
      const within = ({ at }: AlertEvent): boolean => from <= at && at < to;
      const hours = await hoursOf(period);
      const ahead = new ReadAhead(objects, hours.flat());
      try {
        for (const keys of hours) {
          // A crash while objects are merged leaves events in two of them, and so does merging them now.
          const isNew = keys.length === 1 ? () => true : firstTime();
          for await (const rows of rowsOfHour(keys, ahead, signal)) {
            signal.throwIfAborted();
            yield rows.filter((row) => within(row) && isNew(row));
          }
        }
      } finally {
        await ahead.close();
      }
    },
  };
};

/** Events of alerts by the hour in which they happened, as gzipped lines of JSON. */
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { createGunzip, gzip } from 'node:zlib';
import type { Objects } from '../../../ports/objects.ts';
import type { AlertEvent } from '../model/event.ts';

const FOLDER = 'alerts/events/';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Rows that are handed out together. */
const ROWS = 5000;
/** Objects of one hour that are merged into one: with posts of 500, some 100,000 events. */
const MERGED = 200;
const merged = /\/merged-[^/]+$/;
const compress = promisify(gzip);

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

const hourOfKey = (key: string): number => {
  const [, day, hour] = /dt=(\d{4}-\d\d-\d\d)\/hh=(\d\d)\//.exec(key) ?? [];
  return Date.parse(`${day}T${hour}:00:00Z`);
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

  async function* rowsOf(key: string, signal: AbortSignal): AsyncGenerator<readonly AlertEvent[]> {
    const found = await objects.get(key);
    if (found === undefined) return;
    const unzipped = found.body.pipe(createGunzip());
    found.body.on('error', (error) => unzipped.destroy(error));
    try {
      let rows: AlertEvent[] = [];
      for await (const line of createInterface({ input: unzipped, crlfDelay: Number.POSITIVE_INFINITY })) {
        rows.push(JSON.parse(line));
        if (rows.length < ROWS) continue;
        signal.throwIfAborted();
        yield rows;
        rows = [];
      }
      yield rows;
    } finally {
      found.body.destroy();
      unzipped.destroy();
    }
  }

  /** Keys of each hour that a period touches, the oldest hour first. */
  async function* hoursOf(period: EventPeriod): AsyncGenerator<readonly string[]> {
    for (const folder of daysOf(period)) {
      const hours = Map.groupBy(await keysOf(folder), hourOfKey);
      for (const [hour, keys] of hours)
        if (hour + HOUR_MS > period.from.getTime() && hour < period.to.getTime()) yield keys;
    }
  }

  const writeRows = async (key: string, rows: readonly AlertEvent[]): Promise<void> => {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    await objects.put(key, await compress(lines), { contentType: 'application/gzip' });
  };

  /** The merged object is there before those it is made of go: whoever reads meanwhile, or after a crash, meets events twice. */
  const mergeInto = async (keys: readonly string[], signal: AbortSignal): Promise<number> => {
    const [first] = keys;
    if (first === undefined || keys.length === 1) return 0;
    const rows = new Map<string, AlertEvent>();
    for (const key of keys)
      for await (const page of rowsOf(key, signal)) for (const row of page) rows.set(row.event_id, row);
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
      for await (const keys of hoursOf(period)) {
        const small = keys.filter((key) => !merged.test(key));
        for (let at = 0; at < small.length; at += MERGED) gone += await mergeInto(small.slice(at, at + MERGED), signal);
      }
      return gone;
    },
    read: async function* (period, signal) {
      const [from, to] = [period.from.toISOString(), period.to.toISOString()];
      const within = ({ at }: AlertEvent): boolean => from <= at && at < to;
      for await (const keys of hoursOf(period)) {
        const seen = keys.length > 1 && keys.some((key) => merged.test(key)) ? new Set<string>() : undefined;
        const isNew = ({ event_id }: AlertEvent): boolean =>
          seen === undefined || (!seen.has(event_id) && seen.add(event_id) === seen);
        for (const key of keys)
          for await (const rows of rowsOf(key, signal)) {
            signal.throwIfAborted();
            yield rows.filter((row) => within(row) && isNew(row));
          }
      }
    },
  };
};

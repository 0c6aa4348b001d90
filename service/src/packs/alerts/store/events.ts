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
  /** Events that happened within a period, hour after hour; within an hour in no order. */
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

  return {
    write: async (batchId, events) => {
      await Promise.all(
        [...byHour(events)].map(async ([hour, rows]) => {
          const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
          await objects.put(`${FOLDER}${hour}${batchId}.jsonl.gz`, await compress(lines), {
            contentType: 'application/gzip',
          });
        }),
      );
    },
    read: async function* (period, signal) {
      const [from, to] = [period.from.toISOString(), period.to.toISOString()];
      const within = ({ at }: AlertEvent): boolean => from <= at && at < to;
      for (const folder of daysOf(period))
        for (const key of await keysOf(folder)) {
          const hour = hourOfKey(key);
          if (hour + HOUR_MS <= period.from.getTime() || hour >= period.to.getTime()) continue;
          for await (const rows of rowsOf(key, signal)) {
            signal.throwIfAborted();
            yield rows.filter(within);
          }
        }
    },
  };
};

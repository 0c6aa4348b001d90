/** Posts that were received and are not applied yet, one object each: what is here is not lost, whatever dies. */
import type { Logger } from 'pino';
import type { Objects } from '../../../ports/objects.ts';
import { readJsonObject, UnreadableObject, writeJsonObject } from '../store/json-object.ts';
import { putAside } from '../store/put-aside.ts';
import { Batch } from './batch.ts';

const FOLDER = 'alerts/inbox/';
/** Batches that are read together: of the largest posts, 50,000 alerts. */
const TOGETHER = 100;

export interface Inbox {
  /** The batch is durable when this resolves. */
  put(batch: Batch): Promise<void>;
  /** The oldest of those that wait, in their order. */
  oldest(): Promise<readonly Batch[]>;
  /** When the oldest of those that wait came; undefined where none waits. */
  waitingSince(): Promise<Date | undefined>;
  /** Also when it is gone. */
  remove(batch: string): Promise<void>;
}

export const createInbox = (objects: Objects, log: Logger): Inbox => {
  const keyOf = (batch: string): string => `${FOLDER}${batch}.json`;

  const read = async (key: string): Promise<Batch | undefined> => {
    try {
      return (await readJsonObject(objects, key, Batch))?.value;
    } catch (err) {
      // What the store cannot give now, it gives later.
      if (!(err instanceof UnreadableObject)) throw err;
      log.error({ err, key }, 'a post of alerts cannot be read, and is put aside');
      await putAside(objects, key, FOLDER);
      return undefined;
    }
  };

  return {
    put: async (batch) => {
      await writeJsonObject(objects, keyOf(batch.batch), batch, { ifNoneMatch: '*' });
    },
    oldest: async () => {
      const { items } = await objects.list(FOLDER, { limit: TOGETHER });
      const batches = await Promise.all(items.map(({ key }) => read(key)));
      return batches.filter((batch) => batch !== undefined);
    },
    waitingSince: async () => (await objects.list(FOLDER, { limit: 1 })).items[0]?.writtenAt,
    remove: (batch) => objects.remove(keyOf(batch)),
  };
};

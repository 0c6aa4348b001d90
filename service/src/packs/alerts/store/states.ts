/**
 * Alerts as they are now, one object each. The first alert of a fingerprint has the fingerprint as its id and says how many
 * followed, so the newest is found with two reads. An object is made only if there is none and written only as it was read:
 * two tasks can neither begin one alert twice nor lose each other's writes. An acknowledgement that has expired is none,
 * whether or not anybody has written so yet.
 */
import type { Logger } from 'pino';
import type { Objects } from '../../../ports/objects.ts';
import { lapsed } from '../life/acts.ts';
import { Alert } from '../model/alert.ts';
import { alertIdOf, archiveKey, isAlertId, STATE_FOLDER, stateKey } from './alert-keys.ts';
import {
  type Pause,
  randomPause,
  readJsonObject,
  type StoredObject,
  UnreadableObject,
  withoutConflict,
  writeJsonObject,
} from './json-object.ts';

/** Reads at once while all are read. */
const AT_ONCE = 32;

export interface ChangedAlert {
  /** As it is now. */
  readonly alert: Alert;
  readonly changed: boolean;
}

export interface States {
  /** Undefined: there is none. */
  get(alertId: string): Promise<Alert | undefined>;
  /** The newest alert of a fingerprint. */
  current(fingerprint: string): Promise<Alert | undefined>;
  /**
   * Changes the newest alert of a fingerprint, or begins one.
   * @param step pure, because it is asked again where somebody wrote in between; undefined: nothing is to be written
   * @returns as it is now
   * @throws conflict
   */
  changeCurrent(
    fingerprint: string,
    step: (current: Alert | undefined, newId: string) => Alert | undefined,
  ): Promise<Alert | undefined>;
  /**
   * Changes one alert.
   * @param step as above; it may throw
   * @returns undefined where there is none
   * @throws conflict
   */
  change(alertId: string, step: (alert: Alert) => Alert | undefined): Promise<ChangedAlert | undefined>;
  /**
   * Every alert that is not in the archive, in the order of ids, as it was when this was called or later. Callers at the same
   * moment share one look at the store.
   */
  all(): Promise<readonly Alert[]>;
}

/** An alert with the place it was read from. */
interface Held extends StoredObject<Alert> {
  readonly key: string;
}

/** Work that several callers share: one at a time, and none answers a caller that came after it had begun. */
const shared = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const begun = work();
    running = begun.catch(() => {});
    return begun;
  };
  return () => {
    next ??= running.then(begin);
    return next;
  };
};

/** @param pause before each try after the first, where somebody else wrote in between */
export const createStates = (objects: Objects, log: Logger, now: () => Date, pause: Pause = randomPause): States => {
  /** By key, what was last read or written. */
  const known = new Map<string, StoredObject<Alert>>();

  const readAt = async (key: string): Promise<Held | undefined> => {
    const found = await readJsonObject(objects, key, Alert);
    return found && { ...found, value: lapsed(found.value, now()), key };
  };
  const read = async (id: string): Promise<Held | undefined> => {
    const state = await readAt(stateKey(id));
    return state === undefined || state.value.archived ? readAt(archiveKey(id)) : state;
  };

  /** @param held what it was; undefined: there was none */
  const write = async (alert: Alert, held: Held | undefined): Promise<boolean> => {
    const key = held?.key ?? stateKey(alert.alert_id);
    const condition = held === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: held.etag };
    const written = await writeJsonObject(objects, key, alert, condition);
    if (written === undefined) return false;
    if (key.startsWith(STATE_FOLDER)) known.set(key, { value: alert, etag: written.etag });
    return true;
  };

  const newest = async (fingerprint: string) => {
    const first = await read(fingerprint);
    const generation = first?.value.generations ?? 1;
    return { first, generation, found: generation === 1 ? first : await read(alertIdOf(fingerprint, generation)) };
  };

  /** The first alert says that another followed. Also where it was begun by a task that died before it could say so. */
  const count = async (fingerprint: string, generation: number): Promise<void> => {
    const first = await read(fingerprint);
    if (first !== undefined && (first.value.generations ?? 1) < generation)
      await write({ ...first.value, generations: generation }, first);
  };

  const step: States['changeCurrent'] = (fingerprint, next) =>
    withoutConflict(
      async () => {
        const { generation, found } = await newest(fingerprint);
        const following = found === undefined ? generation : generation + 1;
        const alert = next(found?.value, alertIdOf(fingerprint, following));
        if (alert === undefined) return { done: found?.value };
        const isNew = alert.alert_id !== found?.value.alert_id;
        const written = await write(alert, isNew ? undefined : found);
        if (isNew && following > 1) await count(fingerprint, following);
        return written ? { done: alert } : undefined;
      },
      `The alert ${fingerprint}`,
      pause,
    );

  const look = async (): Promise<readonly Alert[]> => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await objects.list(STATE_FOLDER, { limit: 1000, ...(cursor !== undefined && { cursor }) });
      const changed = page.items.filter(({ key, etag }) => known.get(key)?.etag !== etag);
      for (const { key } of page.items) seen.add(key);
      for (let at = 0; at < changed.length; at += AT_ONCE)
        await Promise.all(
          changed.slice(at, at + AT_ONCE).map(async ({ key }) => {
            try {
              const stored = await readJsonObject(objects, key, Alert);
              if (stored !== undefined) known.set(key, stored);
            } catch (err) {
              // What the store cannot give now, it gives later: an alert that is missing is told as if it were over.
              if (!(err instanceof UnreadableObject)) throw err;
              // One object that nobody can read must not hide all others.
              log.error({ err, key }, 'an alert cannot be read');
            }
          }),
        );
      cursor = page.cursor;
    } while (cursor !== undefined);
    for (const key of known.keys()) if (!seen.has(key)) known.delete(key);
    const at = now();
    return [...known.values()]
      .filter(({ value }) => value.archived === undefined)
      .map(({ value }) => lapsed(value, at))
      .sort((a, b) => (a.alert_id < b.alert_id ? -1 : 1));
  };

  return {
    get: async (id) => (isAlertId(id) ? (await read(id))?.value : undefined),
    current: async (fingerprint) => (await newest(fingerprint)).found?.value,
    changeCurrent: step,
    change: async (id, next) => {
      if (!isAlertId(id)) return undefined;
      return withoutConflict<ChangedAlert | undefined>(
        async () => {
          const found = await read(id);
          if (found === undefined) return { done: undefined };
          const alert = next(found.value);
          if (alert === undefined) return { done: { alert: found.value, changed: false } };
          const later = { ...alert, version: found.value.version + 1 };
          return (await write(later, found)) ? { done: { alert: later, changed: true } } : undefined;
        },
        `The alert ${id}`,
        pause,
      );
    },
    all: shared(look),
  };
};

/**
 * Alerts as they are now, one object each. The first alert of a fingerprint has the fingerprint as its id and says how many
 * followed, so the newest is found with two reads. An object is made only if there is none and written only as it was read:
 * two tasks can neither begin one alert twice nor lose each other's writes.
 */
import type { Logger } from 'pino';
import type { Objects } from '../../../ports/objects.ts';
import { Alert } from '../model/alert.ts';
import { readJsonObject, type StoredObject, withoutConflict, writeJsonObject } from './json-object.ts';

const FOLDER = 'alerts/state/';
/** Reads at once while all are read. */
const AT_ONCE = 32;

const alertId = /^[0-9a-f]{32}(?:-[1-9]\d{0,8})?$/;
export const isAlertId = (text: string): boolean => alertId.test(text);

const keyOf = (id: string): string => `${FOLDER}${id.slice(0, 2)}/${id}.json`;
const idOf = (fingerprint: string, generation: number): string =>
  generation === 1 ? fingerprint : `${fingerprint}-${generation}`;

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
  /** Every alert that is kept, in the order of ids. */
  all(): Promise<readonly Alert[]>;
}

export const createStates = (objects: Objects, log: Logger): States => {
  /** By key, what was last read or written. */
  const known = new Map<string, StoredObject<Alert>>();

  const read = async (id: string): Promise<StoredObject<Alert> | undefined> =>
    readJsonObject(objects, keyOf(id), Alert);

  const write = async (alert: Alert, etag: string | undefined): Promise<boolean> => {
    const condition = etag === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: etag };
    const written = await writeJsonObject(objects, keyOf(alert.alert_id), alert, condition);
    if (written === undefined) return false;
    known.set(keyOf(alert.alert_id), { value: alert, etag: written.etag });
    return true;
  };

  const newest = async (fingerprint: string) => {
    const first = await read(fingerprint);
    const generation = first?.value.generations ?? 1;
    return { first, generation, found: generation === 1 ? first : await read(idOf(fingerprint, generation)) };
  };

  /** The first alert says that another followed. Also where it was begun by a task that died before it could say so. */
  const count = async (fingerprint: string, generation: number): Promise<void> => {
    const first = await read(fingerprint);
    if (first !== undefined && (first.value.generations ?? 1) < generation)
      await write({ ...first.value, generations: generation }, first.etag);
  };

  const step: States['changeCurrent'] = (fingerprint, next) =>
    withoutConflict(async () => {
      const { generation, found } = await newest(fingerprint);
      const following = found === undefined ? generation : generation + 1;
      const alert = next(found?.value, idOf(fingerprint, following));
      if (alert === undefined) return { done: found?.value };
      const isNew = alert.alert_id !== found?.value.alert_id;
      const written = await write(alert, isNew ? undefined : found?.etag);
      if (isNew && following > 1) await count(fingerprint, following);
      return written ? { done: alert } : undefined;
    }, `The alert ${fingerprint}`);

  const all = async (): Promise<readonly Alert[]> => {
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await objects.list(FOLDER, { limit: 1000, ...(cursor !== undefined && { cursor }) });
      const changed = page.items.filter(({ key, etag }) => known.get(key)?.etag !== etag);
      for (const { key } of page.items) seen.add(key);
      for (let at = 0; at < changed.length; at += AT_ONCE)
        await Promise.all(
          changed.slice(at, at + AT_ONCE).map(async ({ key }) => {
            try {
              const stored = await readJsonObject(objects, key, Alert);
              if (stored !== undefined) known.set(key, stored);
            } catch (err) {
              // One object that nobody can read must not hide all others.
              log.error({ err, key }, 'an alert cannot be read');
            }
          }),
        );
      cursor = page.cursor;
    } while (cursor !== undefined);
    for (const key of known.keys()) if (!seen.has(key)) known.delete(key);
    return [...known.values()].map(({ value }) => value).sort((a, b) => (a.alert_id < b.alert_id ? -1 : 1));
  };

  return {
    get: async (id) => (isAlertId(id) ? (await read(id))?.value : undefined),
    current: async (fingerprint) => (await newest(fingerprint)).found?.value,
    changeCurrent: step,
    change: async (id, next) => {
      if (!isAlertId(id)) return undefined;
      return withoutConflict<ChangedAlert | undefined>(async () => {
        const found = await read(id);
        if (found === undefined) return { done: undefined };
        const alert = next(found.value);
        if (alert === undefined) return { done: { alert: found.value, changed: false } };
        const later = { ...alert, version: found.value.version + 1 };
        return (await write(later, found.etag)) ? { done: { alert: later, changed: true } } : undefined;
      }, `The alert ${id}`);
    },
    all,
  };
};

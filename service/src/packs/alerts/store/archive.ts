/**
 * Moves alerts that were closed long ago out of the folder that is listed whenever alerts are. They keep their ids: whoever reads
 * one by its id finds it, and it can be noted on.
 */
import type { Objects } from '../../../ports/objects.ts';
import { Alert, isUnresolved } from '../model/alert.ts';
import { archiveKey, stateKey } from './alert-keys.ts';
import { readJsonObject, writeJsonObject } from './json-object.ts';

const isDue = (alert: Alert, before: Date): boolean =>
  !isUnresolved(alert) &&
  (alert.unwritten ?? []).length === 0 &&
  alert.resolved_at !== null &&
  Date.parse(alert.resolved_at) < before.getTime();

/**
 * The copy comes first, then the leftover that says where it is, then the leftover goes. Until the leftover is written the state is
 * the alert, and afterwards the copy is: a write in between finds another etag than it read, and is made again in the right place.
 * A move that died is finished by the next one.
 * @param before closed before then
 * @returns whether it is in the archive now
 */
export const archiveAlert = async (objects: Objects, id: string, before: Date): Promise<boolean> => {
  // Before the state: while the state is there, this copy is a leftover, and whoever makes a better one changes its etag.
  const copy = await objects.head(archiveKey(id));
  const state = await readJsonObject(objects, stateKey(id), Alert);
  if (state === undefined) return false;
  if (state.value.archived === undefined) {
    if (!isDue(state.value, before)) return false;
    const condition = copy === undefined ? ({ ifNoneMatch: '*' } as const) : { ifMatch: copy.etag };
    if ((await writeJsonObject(objects, archiveKey(id), state.value, condition)) === undefined) return false;
    const leftover = { ...state.value, archived: true };
    if ((await writeJsonObject(objects, stateKey(id), leftover, { ifMatch: state.etag })) === undefined) return false;
  }
  await objects.remove(stateKey(id));
  return true;
};

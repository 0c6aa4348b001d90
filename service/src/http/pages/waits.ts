/** How many changes wait for somebody's answer, for the header of every page. */
import { LRUCache } from 'lru-cache';
import { waiting } from '../../operations/operation.ts';
import type { Seen } from '../../operations/seen.ts';
import { type Answerer, type Answering, waitsFor } from './answering.ts';

/** Changes that are looked through. Each is a record with all its resources. */
const mostRead = 100;
/** Milliseconds a count is kept, so that a reader of many pages does not have what waits read for each of them. */
const keptMs = 10_000;
const mostPeople = 2_000;

type Parts = Answering & { readonly operations: { seenBy(viewer: Pick<Answerer, 'scopes'>): Pick<Seen, 'recent'> } };

export interface Waits {
  /** Such as `3`, or `99+` where there are more than are counted; undefined where nothing waits for them. */
  countFor(person: Answerer): Promise<string | undefined>;
  /** Counts anew: they have just answered. Other tasks follow within ten seconds. */
  forget(personId: string): void;
}

export const createWaits = (parts: Parts): Waits => {
  const kept = new LRUCache<string, { readonly at: number; readonly count: string }>({ max: mostPeople });
  const counted = async (by: Answerer): Promise<string> => {
    const { items, cursor } = await parts.operations.seenBy(by).recent({ statuses: waiting, limit: mostRead });
    const mine = items.filter((operation) => waitsFor(operation, by, parts)).length;
    return mine === 0 ? '' : `${Math.min(mine, mostRead - 1)}${cursor !== undefined || mine === mostRead ? '+' : ''}`;
  };
  return {
    countFor: async (by) => {
      const { personId } = by.person;
      const at = parts.now().getTime();
      const known = kept.get(personId);
      if (known !== undefined && at - known.at < keptMs) return known.count || undefined;
      const count = await counted(by);
      kept.set(personId, { at, count });
      return count || undefined;
    },
    forget: (personId) => void kept.delete(personId),
  };
};

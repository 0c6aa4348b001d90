/** Lets so many calls of one key run at once. Others of that key wait, and those of other keys do not. */
import { type BulkheadPolicy, bulkhead, isBulkheadRejectedError } from 'cockatiel';
import { CountersignError } from '../../../errors.ts';
import { unlessAborted } from '../../../unless-aborted.ts';

/** More are refused: they would wait longer than their callers. */
const MOST_WAITING = 100;

/**
 * Keys are kept for good, so they have to be few, such as accounts that were approved.
 * @example
 * const perProperty = turnsPer(10);
 * const report = await perProperty(propertyId, () => runReport(propertyId), context.signal);
 */
export const turnsPer = (atOnce: number) => {
  const turns = new Map<string, BulkheadPolicy>();
  return async <T>(key: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    const own = turns.get(key) ?? bulkhead(atOnce, MOST_WAITING);
    turns.set(key, own);
    try {
      return await unlessAborted(own.execute(work, signal), signal);
    } catch (error) {
      if (!isBulkheadRejectedError(error)) throw error;
      throw new CountersignError('throttled', `Too many calls wait for ${key}. Try again later.`);
    }
  };
};

import { CountersignError } from '../errors.ts';

/**
 * What the work of a pack yields, unless the signal it was given ends first. The work itself goes on.
 * @throws timeout with these words
 */
export const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal, words: string): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const abort = () => late.reject(new CountersignError('timeout', words));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

import { CountersignError } from './errors.ts';

/**
 * What the work yields, unless the signal is aborted first. What was waited for goes on.
 * @param because the error then; default cancelled
 * @throws that error, or the work's own
 */
export const unlessAborted = async <T>(
  work: Promise<T>,
  signal: AbortSignal,
  because = (): Error => new CountersignError('cancelled', 'The call was cancelled.', { cause: signal.reason }),
): Promise<T> => {
  const left = Promise.withResolvers<never>();
  const leave = () => left.reject(because());
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
    // Whoever left is not there to hear of a failure.
    work.catch(() => undefined);
    left.promise.catch(() => undefined);
  }
};

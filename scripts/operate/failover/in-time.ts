/** A region that is down does not even refuse: whoever calls it must not wait for longer than this. */
import { setTimeout as sleep } from 'node:timers/promises';

/** @throws Error named TimeoutError when no answer came */
export const inTime = async <T>(answer: Promise<T>, limitMs: number): Promise<T> => {
  const end = new AbortController();
  const late = sleep(limitMs, undefined, { signal: end.signal }).then((): never => {
    throw Object.assign(new Error(`no answer within ${limitMs / 1000} s`), { name: 'TimeoutError' });
  });
  // Whichever is left behind must not end the process.
  late.catch(() => undefined);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    end.abort();
  }
};

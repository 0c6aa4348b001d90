/** What a task does on timers, where a process stands still between requests: beside a request, when it is time. */
import type { Opened } from '../start/open.ts';
import { periodicWork } from '../start/periodic.ts';

/** No request waits longer for it. What is cut off is taken up by whoever comes next. */
const mostMs = 3_000;

/** Begins what is due. The promise never rejects, and is there to be awaited before the process stands still. */
export type Upkeep = () => Promise<void>;

export const openUpkeep = (
  service: Pick<Opened, 'pipeline' | 'anchoring' | 'jobs' | 'state' | 'log'>,
  now: () => number = Date.now,
): Upkeep => {
  const every = (milliseconds: number, name: string, work: () => Promise<unknown>) => {
    let last = Number.NEGATIVE_INFINITY;
    let busy = false;
    return async () => {
      // What an earlier request began goes on beside this one, which does not wait for it.
      if (busy || now() - last < milliseconds) return;
      busy = true;
      last = now();
      await work()
        .catch((error: unknown) => service.log.error({ err: error }, `${name} failed`))
        .finally(() => {
          busy = false;
        });
    };
  };
  const due = periodicWork(service).map(({ everyMs, name, work }) => every(everyMs, name, work));
  return async () => {
    const all = Promise.all(due.map((begin) => begin()));
    const enough = Promise.withResolvers<void>();
    const timer = setTimeout(enough.resolve, mostMs);
    await Promise.race([all, enough.promise]);
    clearTimeout(timer);
  };
};

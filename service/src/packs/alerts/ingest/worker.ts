/** Has what waits applied: soon after a post, and each minute what a post could not say or a failed try left. */
import { z } from 'zod';
import { CountersignError } from '../../../errors.ts';
import { defineWorker, JobFailure, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import type { Applier } from './applier.ts';
import { APPLY_WORKER } from './ingest.ts';

/** @param changed awaited once any alert may be another than before */
export const applyWorker = (
  { applier }: { readonly applier: Applier },
  changed: () => Promise<void> = async () => {},
): Worker =>
  defineWorker({
    name: APPLY_WORKER,
    description: 'Applies posts of alerts that were received.',
    payload: z.object({}),
    atOnce: 1,
    longestSeconds: 240,
    delays: [1, 5, 15],
    work: async ({ signal }) => {
      let [posts, alerts] = [0, 0];
      try {
        await applier.run(signal, ({ alerts: { length } }) => {
          posts += 1;
          alerts += length;
        });
      } catch (error) {
        if (!(error instanceof CountersignError && error.code === 'conflict')) throw error;
        throw new JobFailure('Some alerts are being changed by others. Their posts wait.', { cause: error });
      }
      if (alerts > 0) await changed();
      return { result: { posts, alerts } };
    },
  });

export const applyJob: RecurringJob = { name: APPLY_WORKER, worker: APPLY_WORKER, cron: '* * * * *', timeZone: 'UTC' };

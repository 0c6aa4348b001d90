/** Measures how long posts wait, in a job of its own: one that applies may be stuck. */
import { z } from 'zod';
import type { Metrics } from '../../../ports/metrics.ts';
import { defineWorker, type Worker } from '../../../ports/worker.ts';
import type { RecurringJob } from '../../recurring.ts';
import type { Inbox } from './inbox.ts';

const name = 'watch-alert-inbox';

export interface WatchedInbox {
  readonly inbox: Pick<Inbox, 'waitingSince'>;
  readonly metrics: Pick<Metrics, 'set'>;
  /** The service's own clock. */
  readonly clock: () => Date;
}

export const watchInboxWorker = ({ inbox, metrics, clock }: WatchedInbox): Worker =>
  defineWorker({
    name,
    description: 'Measures how long posts of alerts wait to be applied.',
    payload: z.object({}),
    atOnce: 1,
    delays: [],
    work: async () => {
      const since = await inbox.waitingSince();
      const seconds = since === undefined ? 0 : Math.max(0, (clock().getTime() - since.getTime()) / 1000);
      metrics.set('AlertInboxAge', {}, seconds);
      return undefined;
    },
  });

export const watchInboxJob: RecurringJob = { name, worker: name, cron: '* * * * *' };

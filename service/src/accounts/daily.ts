/** The daily work of account access: marking what ran out. */
import { z } from 'zod';
import type { OwnedWorker } from '../jobs/runner.ts';
import { defineWorker } from '../ports/worker.ts';
import type { AccountAccess } from './access.ts';

const owner = 'core';
const name = 'expire-account-access';

/** The worker, and when it comes. Nothing waits for it: who may act goes by the time of asking. */
export const dailyExpiry = (access: Pick<AccountAccess, 'expire'>) => ({
  worker: {
    owner,
    worker: defineWorker({
      name,
      description: 'Marks access to accounts, and requests for it, whose time has passed.',
      payload: z.object({}),
      atOnce: 1,
      work: async () => {
        await access.expire();
        return undefined;
      },
    }),
  } satisfies OwnedWorker,
  job: { owner, job: { name, worker: name, cron: '10 3 * * *' } },
});

/** Work of the service itself that comes by itself: one task does it, and the page of jobs shows it. */
import { z } from 'zod';
import { defineWorker } from '../ports/worker.ts';
import type { Foundation } from './foundation.ts';
import type { OpenJobs } from './jobs.ts';

const sweep = ({ tables }: Foundation['state']) =>
  defineWorker({
    name: 'sweep',
    description: 'Deletes rows whose time has passed.',
    payload: z.object({}),
    work: async () => ({ result: { deleted: await tables.sweep() } }),
  });

/** DynamoDB deletes what has expired by itself. */
export const serveCoreWork = (
  jobs: Pick<OpenJobs, 'serve'>,
  { state, config }: Pick<Foundation, 'state' | 'config'>,
) => {
  if (config.STORE === 'dynamodb') return;
  jobs.serve(
    [{ owner: 'core', worker: sweep(state) }],
    [{ owner: 'core', job: { name: 'sweep', worker: 'sweep', cron: '*/10 * * * *' } }],
  );
};

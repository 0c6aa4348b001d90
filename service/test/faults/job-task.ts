/** A task for killed-jobs.test.ts: it works on jobs over the database of DATABASE_URL, and never ends one. */
import { writeSync } from 'node:fs';
import process from 'node:process';
import pino from 'pino';
import { z } from 'zod';
import { createRunner } from '../../src/jobs/runner.ts';
import { defineWorker } from '../../src/ports/worker.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';

const tables = await openPostgres({ url: String(process.env.DATABASE_URL) });
const runner = createRunner({
  tables,
  log: pino({ level: 'silent' }),
  now: () => new Date(),
  mayWork: () => true,
  metrics: { count: () => {} },
});
const worker = defineWorker({
  name: 'count',
  description: 'Counts, and never ends.',
  payload: z.object({}),
  work: async ({ report }) => {
    await report({ done: 1, total: 2 }, { '1': 'of the killed task' });
    writeSync(1, 'begun\n');
    return new Promise(() => {});
  },
});
runner.add([{ owner: 'pack', worker }]);
await runner.look();
setInterval(() => {}, 1000);

/** A task is killed in the middle of a job: another goes on with it once its lease is over, and not before. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import pino from 'pino';
import { z } from 'zod';
import { jobsOf } from '../../src/jobs/port.ts';
import { createRunner } from '../../src/jobs/runner.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { defineWorker } from '../../src/ports/worker.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

await describeWith(['initdb', 'postgres'], 'a job whose task is killed', () => {
  let server: TestServer;
  let tables: TableEngine;
  let child: ChildProcess;
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  beforeAll(async () => {
    server = await startPostgres();
    tables = await openPostgres({ url: server.url, now });
  });
  afterAll(async () => {
    child.kill('SIGKILL');
    await tables.close();
    await server.stop();
  });

  it('goes on in another task when its lease is over, with what was kept of its result', async () => {
    const jobs = jobsOf('pack', { tables, now, wake: () => {} });
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: {} });
    const env = { ...process.env, DATABASE_URL: server.url };
    child = spawn(process.execPath, ['service/test/faults/job-task.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('the task has no output');
    expect(String((await once(child.stdout, 'data'))[0])).toBe('begun\n');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;

    const attempts: number[] = [];
    const runner = createRunner({
      tables,
      log: pino({ level: 'silent' }),
      now,
      mayWork: () => true,
      metrics: { count: () => {} },
    });
    const worker = defineWorker({
      name: 'count',
      description: 'Counts.',
      payload: z.object({}),
      work: async ({ attempt, report }) => {
        attempts.push(attempt);
        await report({ done: 2, total: 2 }, { '2': 'of the other task' });
        return undefined;
      },
    });
    runner.add([{ owner: 'pack', worker }]);
    await runner.look();
    expect([attempts, (await jobs.get(jobId))?.status]).toEqual([[], 'running']);
    ahead = 61_000;
    await runner.look();
    await runner.idle(10_000);
    expect(attempts).toEqual([2]);
    expect(await jobs.get(jobId)).toMatchObject({ status: 'done', attempts: 2, progress: { done: 2, total: 2 } });
    const results = await jobs.results(jobId);
    expect(results?.items.map(({ record }) => record)).toEqual(['of the killed task', 'of the other task']);
    await runner.stop(1000);
  });
});

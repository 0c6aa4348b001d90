/** What jobs and schedules are on any engine of tables: two tasks over one store, on a clock that the test turns. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { z } from 'zod';
import { jobsOf } from '../../src/jobs/port.ts';
import { createRunner, type Runner } from '../../src/jobs/runner.ts';
import { Schedules } from '../../src/jobs/schedules.ts';
import type { Jobs } from '../../src/ports/jobs.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { defineWorker, JobFailure, type WorkedJob, type WorkOutcome } from '../../src/ports/worker.ts';

const silent = pino({ level: 'silent' });
type Work = (job: WorkedJob<{ n: number }>, task: string) => Promise<WorkOutcome>;

interface Task {
  readonly runner: Runner;
  readonly schedules: Schedules;
}

/** Each test has an owner of its own, so that all share one store. */
const openWorld = (runners: Runner[], engines: readonly [TableEngine, TableEngine], clock: { now: Date }) => {
  const owner = `o${randomUUID().slice(0, 8)}`;
  const done: string[] = [];
  const counted: unknown[] = [];
  const world: { work: Work } = { work: async ({ payload }) => void done.push(`n${payload.n}`) as undefined };
  const now = () => clock.now;
  const task = (tables: TableEngine, name: string): Task => {
    const runner = createRunner({
      tables,
      log: silent,
      now,
      mayWork: () => true,
      metrics: { count: (...told) => void counted.push(told.slice(0, 2)) },
    });
    const worker = defineWorker({
      name: 'count',
      description: 'Counts.',
      payload: z.object({ n: z.number() }),
      atOnce: 50,
      delays: [5, 300],
      work: (job) => world.work(job, name),
    });
    runner.add([{ owner, worker }]);
    runners.push(runner);
    return { runner, schedules: new Schedules(tables, now) };
  };
  const [first, second] = [task(engines[0], 'first'), task(engines[1], 'second')];
  const jobs = jobsOf(owner, { tables: engines[0], now, wake: () => {} });
  const ask = async (n: number, more: object = {}) =>
    (await jobs.enqueue({ worker: 'count', payload: { n }, ...more })).jobId;
  return {
    ...{ owner, world, done, counted, jobs, first, second, ask, now },
    later: (seconds: number) => {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
    /** Both look at once, and what they began ends. */
    turn: async () => {
      await Promise.all([first.runner.look(), second.runner.look()]);
      await Promise.all([first.runner.idle(5000), second.runner.idle(5000)]);
    },
    tick: (at: Task) => at.schedules.tick((row) => row.owner === owner, silent),
  };
};
type World = ReturnType<typeof openWorld>;

const stateOf = async (jobs: Jobs, jobId: string) => {
  const job = await jobs.get(jobId);
  return [job?.status, job?.attempts];
};

const queueContract = (open: () => World): void => {
  it('does each job once with two tasks, and keeps its result', async () => {
    const { world, ask, jobs, turn } = open();
    const seen: number[] = [];
    world.work = async ({ payload }) => {
      seen.push(payload.n);
      return { result: { twice: payload.n * 2 } };
    };
    const ids = await Promise.all([1, 2, 3, 4, 5].map((n) => ask(n)));
    for (let turns = 0; turns < 3; turns += 1) await turn();
    expect(seen.toSorted()).toEqual([1, 2, 3, 4, 5]);
    expect(await jobs.get(ids[3] ?? '')).toMatchObject({ status: 'done', attempts: 1, result: { twice: 8 } });
    expect((await jobs.list('done')).items).toHaveLength(5);
  });

  it('takes one key of one worker as one job, also after it is done', async () => {
    const { jobs, turn, done } = open();
    const request = { worker: 'count', payload: { n: 1 }, key: 'k' };
    const first = await jobs.enqueue(request);
    expect(first.isNew).toBe(true);
    expect(await jobs.enqueue(request)).toEqual({ ...first, isNew: false });
    await turn();
    expect(await jobs.enqueue(request)).toEqual({ ...first, isNew: false });
    await turn();
    expect(done).toEqual(['n1']);
  });

  it('begins a job at its time and not before', async () => {
    const { ask, turn, done, now, later } = open();
    await ask(1, { notBefore: new Date(now().getTime() + 60_000) });
    await turn();
    later(59);
    await turn();
    expect(done).toEqual([]);
    later(1);
    await turn();
    expect(done).toEqual(['n1']);
  });

  it('tries again after each delay, then keeps the job as failed until somebody replays it', async () => {
    const { world, ask, jobs, turn, later, counted, owner } = open();
    let tries = 0;
    world.work = async () => {
      tries += 1;
      if (tries <= 3) throw tries === 1 ? new Error('https://upstream/?token=hunter2') : new JobFailure('no answer');
      return undefined;
    };
    const id = await ask(1);
    await turn();
    expect(await jobs.get(id)).toMatchObject({ status: 'waiting', lastError: 'Error: see the log for this job' });
    later(4);
    await turn();
    later(1);
    await turn();
    later(299);
    await turn();
    expect(tries).toBe(2);
    later(1);
    await turn();
    expect(await jobs.get(id)).toMatchObject({ status: 'failed', attempts: 3, lastError: 'no answer' });
    later(86_400 * 30);
    await turn();
    expect((await jobs.list('failed')).items.map(({ jobId }) => jobId)).toEqual([id]);
    await expect(jobs.cancel(id, 'ana')).rejects.toMatchObject({ code: 'conflict' });
    expect(await jobs.replay(id, 'ana')).toMatchObject({ status: 'waiting', decidedBy: 'ana' });
    await turn();
    expect(await stateOf(jobs, id)).toEqual(['done', 1]);
    expect((await jobs.list('failed')).items).toEqual([]);
    const outcomes = ['retried', 'retried', 'failed', 'done'];
    expect(counted).toEqual(outcomes.map((Outcome) => ['Jobs', { Owner: owner, Outcome }]));
  });

  it('waits as long as the upstream asks, and gives up at once where no other try helps', async () => {
    const { world, ask, jobs, turn, now } = open();
    world.work = async ({ payload }) => {
      throw payload.n === 1
        ? new JobFailure('slow down', { retryAfterSeconds: 90 })
        : new JobFailure('gone', { retry: false });
    };
    const [slow, gone] = [await ask(1), await ask(2)];
    await turn();
    expect((await jobs.get(slow))?.notBefore).toEqual(new Date(now().getTime() + 90_000));
    expect(await stateOf(jobs, gone)).toEqual(['failed', 1]);
  });

  it('keeps a message that no worker can read, and hands it to none', async () => {
    const { jobs, turn, done } = open();
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: { n: 'hunter2' } });
    await turn();
    const job = await jobs.get(jobId);
    expect([job?.status, job?.payload, done]).toEqual(['failed', { n: 'hunter2' }, []]);
    expect(job?.lastError).toBe('Its payload is not what count takes: n');
  });

  it('goes on in another task when the lease of a dead one is over, and gives up on a job that kills every task', async () => {
    const { world, ask, jobs, first, second, later, counted, owner } = open();
    const tasks: string[] = [];
    world.work = (_job, task) => {
      tasks.push(task);
      return new Promise(() => {});
    };
    const id = await ask(1);
    await first.runner.look();
    later(59);
    await second.runner.look();
    expect(tasks).toEqual(['first']);
    later(1);
    await second.runner.look();
    later(60);
    await first.runner.look();
    expect(tasks).toEqual(['first', 'second', 'first']);
    later(60);
    await second.runner.look();
    expect(await jobs.get(id)).toMatchObject({ status: 'failed', attempts: 3, lastError: /ended before/ });
    expect(counted).toEqual([['Jobs', { Owner: owner, Outcome: 'failed' }]]);
  });

  it('lets a task whose lease is over write nothing more', async () => {
    const { world, ask, jobs, first, second, later } = open();
    const held = Promise.withResolvers<void>();
    const late = Promise.withResolvers<unknown>();
    world.work = async ({ report }, task) => {
      if (task === 'second') return { result: 'of the second' };
      await held.promise;
      await report({ done: 1 }, { '1': 'of the first' }).then(late.resolve, late.resolve);
      return { result: 'of the first' };
    };
    const id = await ask(1);
    await first.runner.look();
    later(60);
    await second.runner.look();
    await second.runner.idle(5000);
    held.resolve();
    expect(await late.promise).toMatchObject({ code: 'conflict' });
    await first.runner.idle(5000);
    expect(await jobs.get(id)).toMatchObject({ status: 'done', result: 'of the second' });
    expect((await jobs.results(id))?.items).toEqual([]);
  });

  it('says how far it is, and gives its results page by page, without doubles after a second try', async () => {
    const { world, ask, jobs, turn, later } = open();
    let tries = 0;
    world.work = async ({ report }) => {
      tries += 1;
      const place = (n: number) => String(n).padStart(4, '0');
      await report({ done: 2, total: 3 }, { [place(1)]: 'a', [place(2)]: 'b' });
      if (tries === 1) throw new JobFailure('no answer');
      await report({ done: 3, total: 3, note: 'all read' }, { [place(3)]: { c: 1 } });
      return undefined;
    };
    const id = await ask(1);
    await turn();
    expect((await jobs.get(id))?.progress).toEqual({ done: 2, total: 3 });
    later(5);
    await turn();
    expect((await jobs.get(id))?.progress).toEqual({ done: 3, total: 3, note: 'all read' });
    const page = await jobs.results(id, { limit: 2 });
    expect(page?.items.map(({ record }) => record)).toEqual(['a', 'b']);
    const rest = await jobs.results(id, { limit: 2, ...(page?.cursor && { cursor: page.cursor }) });
    expect(rest?.items).toEqual([{ place: '0003', record: { c: 1 } }]);
  });

  it('ends a job that somebody cancels, waiting or running', async () => {
    const { world, ask, jobs, first, later, turn, done } = open();
    const [waits, runs] = [await ask(1, { notBefore: new Date('2030-01-01') }), await ask(2)];
    const stop = Promise.withResolvers<void>();
    world.work = async () => {
      await stop.promise;
      return { result: 'too late' };
    };
    await first.runner.look();
    for (const id of [waits, runs])
      expect(await jobs.cancel(id, 'ana')).toMatchObject({ status: 'cancelled', decidedBy: 'ana' });
    stop.resolve();
    await first.runner.idle(5000);
    later(86_400);
    await turn();
    expect([await stateOf(jobs, runs), done]).toEqual([['cancelled', 1], []]);
    await expect(jobs.cancel(runs, 'ana')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('does the newest of a topic, and none that nobody needs any more', async () => {
    const { ask, jobs, turn, done, later } = open();
    const old = await ask(1, { topic: 'operation 1' });
    later(1);
    await ask(2, { topic: 'operation 1' });
    const dropped = await ask(3, { topic: 'operation 2' });
    expect(await jobs.supersede('count', 'operation 2')).toBe(1);
    await turn();
    expect(done).toEqual(['n2']);
    for (const id of [old, dropped]) expect((await jobs.get(id))?.status).toBe('superseded');
  });

  it('puts back what runs when its task stops, without counting the try', async () => {
    const { world, ask, jobs, first, second, done } = open();
    world.work = ({ signal }, task) =>
      new Promise((resolve, reject) => {
        if (task === 'second') return resolve(void done.push('second') as undefined);
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    const id = await ask(1);
    await first.runner.look();
    await first.runner.stop(5000);
    expect(await stateOf(jobs, id)).toEqual(['waiting', 0]);
    await second.runner.look();
    await second.runner.idle(5000);
    expect([done, await stateOf(jobs, id)]).toEqual([['second'], ['done', 1]]);
  });

  it('belongs to its owner: to others it is as unknown as none', async () => {
    const [mine, other] = [open(), open()];
    const id = await mine.ask(1);
    expect(await other.jobs.get(id)).toBeUndefined();
    expect(await other.jobs.results(id)).toBeUndefined();
    await expect(other.jobs.cancel(id, 'ben')).rejects.toMatchObject({ code: 'not_found' });
    await other.turn();
    expect(await stateOf(mine.jobs, id)).toEqual(['waiting', 0]);
  });
};

const plannedContract = (open: () => World, tables: () => TableEngine): void => {
  it('is there if and only if what it is planned with is', async () => {
    const { jobs, turn, done } = open();
    const subject = { userId: randomUUID(), sequence: 1, hash: 'h', timestamp: new Date().toISOString() };
    const plan = jobs.plan({ worker: 'count', payload: { n: 1 }, key: 'k' });
    const insert = { kind: 'insert', table: 'audit-heads', row: subject } as const;
    expect(await tables().transact([insert, plan.write])).toBe(true);
    const again = jobs.plan({ worker: 'count', payload: { n: 2 }, key: 'other' });
    expect(await tables().transact([insert, again.write])).toBe(false);
    expect(await jobs.get(again.jobId)).toBeUndefined();
    await turn();
    expect(done).toEqual(['n1']);
    expect(await stateOf(jobs, plan.jobId)).toEqual(['done', 1]);
  });
};

const scheduleContract = (open: () => World): void => {
  const daily = { name: 'daily', worker: 'count', payload: { n: 1 }, cron: '0 6 * * *', timeZone: 'UTC' };

  it('makes one job an occurrence, whatever the number of tasks', async () => {
    const { jobs, tick, first, second, now, later } = open();
    const { nextAt } = await jobs.schedule(daily);
    await Promise.all([tick(first), tick(second)]);
    expect((await jobs.list('waiting')).items).toEqual([]);
    later(((nextAt?.getTime() ?? 0) - now().getTime()) / 1000);
    const made = await Promise.all([tick(first), tick(second), tick(first), tick(second)]);
    expect(made.flat()).toHaveLength(1);
    expect(await jobs.get(made.flat()[0] ?? '')).toMatchObject({ occurrence: { at: nextAt, skipped: 0 } });
    expect((await jobs.schedules()).items).toMatchObject([
      { name: 'daily', lastAt: nextAt, lastJobId: made.flat()[0] },
    ]);
  });

  it('makes up for the latest of what was missed, and says how many came before', async () => {
    const { jobs, tick, first, later } = open();
    const { nextAt } = await jobs.schedule(daily);
    later(86_400 * 3.5);
    const [id = ''] = await tick(first);
    const job = await jobs.get(id);
    const days = ((job?.occurrence?.at.getTime() ?? 0) - (nextAt?.getTime() ?? 0)) / 86_400_000;
    expect([2, 3]).toContain(days);
    expect(job?.occurrence?.skipped).toBe(days);
    expect(await tick(first)).toEqual([]);
    expect((await jobs.schedules()).items).toMatchObject([{ skipped: days }]);
  });

  it('stays as it is when it is set again, moves when it is changed, and ends when it is removed', async () => {
    const { jobs, tick, first, later } = open();
    const made = await jobs.schedule(daily);
    later(10);
    expect(await jobs.schedule(daily)).toEqual(made);
    const changed = await jobs.schedule({ ...daily, timeZone: 'Asia/Tokyo' });
    expect(changed.nextAt).not.toEqual(made.nextAt);
    expect(await jobs.unschedule('daily')).toBe(true);
    expect(await jobs.unschedule('daily')).toBe(false);
    later(86_400 * 2);
    expect(await tick(first)).toEqual([]);
  });

  it('is refused naming what is wrong with it', async () => {
    const { jobs } = open();
    for (const [field, wrong] of [
      ['cron', { cron: '60 * * * *' }],
      ['cron', { cron: '0 0 31 2 *' }],
      ['cron', { cron: '0 0 * * * *' }],
      ['timeZone', { timeZone: 'Mars/Olympus' }],
    ] as const)
      await expect(jobs.schedule({ ...daily, ...wrong })).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining(field),
      });
  });
};

/** @param open two connections to one store, on the given clock; called once */
export const jobsContract = (open: (now: () => Date) => Promise<readonly [TableEngine, TableEngine]>): void => {
  const clock = { now: new Date('2026-05-01T10:00:00Z') };
  let engines: readonly [TableEngine, TableEngine];
  beforeAll(async () => {
    engines = await open(() => clock.now);
  });
  const runners: Runner[] = [];
  // Before the stores close, which whoever opened them does.
  afterAll(async () => {
    await Promise.all(runners.map((runner) => runner.stop(100)));
  });
  const world = () => openWorld(runners, engines, clock);
  queueContract(world);
  plannedContract(world, () => engines[0]);
  scheduleContract(world);
};

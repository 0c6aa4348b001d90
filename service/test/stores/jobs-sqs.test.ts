/** Jobs whose ids SQS carries: two tasks over one store, and the messages that EventBridge would send each minute. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import pino from 'pino';
import { z } from 'zod';
import { openSqs } from '../../src/jobs/sqs.ts';
import type { TableEngine } from '../../src/ports/tables.ts';
import { defineWorker } from '../../src/ports/worker.ts';
import { type OpenJobs, openJobs } from '../../src/start/jobs.ts';
import { openMemoryTables } from '../../src/stores/memory/tables.ts';
import { openPostgres } from '../../src/stores/postgres/server.ts';
import { startMoto } from '../servers/moto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { describeWith } from '../servers/programs.ts';
import type { TestServer } from '../servers/server.ts';

await describeWith(['moto_server', 'initdb', 'postgres'], 'jobs that SQS carries', () => {
  let server: TestServer;
  let client: SQSClient;
  let url: string;
  let tasks: OpenJobs[] = [];
  beforeAll(async () => {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    server = await startMoto();
    client = new SQSClient({ region: 'us-east-1', endpoint: server.url });
    const made = await client.send(
      new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '1' } }),
    );
    url = String(made.QueueUrl);
  });
  afterEach(async () => {
    await Promise.all(tasks.map((task) => task.stop(1000)));
    tasks = [];
    await client.send(new PurgeQueueCommand({ QueueUrl: url }));
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  /** @param engines of the two tasks, over one store; by default they share one in memory */
  const open = (engines?: readonly [TableEngine, TableEngine], isHome = true) => {
    const world = { ahead: 0, done: [] as string[], hang: false };
    const now = () => new Date(Date.now() + world.ahead);
    const [tables, others] = engines ?? Array<TableEngine>(2).fill(openMemoryTables({ now }));
    if (tables === undefined || others === undefined) throw new Error('two tasks need two engines');
    const worker = (task: string) =>
      defineWorker({
        name: 'count',
        description: 'Counts.',
        payload: z.object({ n: z.number() }),
        atOnce: 10,
        delays: [1],
        work: async ({ payload, attempt }) => {
          if (world.hang) return new Promise(() => {});
          if (payload.n < 0 && attempt === 1) throw new Error('the first try fails');
          world.done.push(`${payload.n} ${task}`);
          return undefined;
        },
      });
    const log = pino({ level: 'silent' });
    tasks = ['a', 'b'].map((name) => {
      const state = { tables: name === 'a' ? tables : others, home: { isHome: () => isHome } };
      const task = openJobs(
        { state, log, now, metrics: { count: () => {}, observe: () => {}, set: () => {} } },
        openSqs({ url, region: 'us-east-1', endpoint: server.url, waitSeconds: 0 }),
      );
      task.serve([{ owner: 'pack', worker: worker(name) }], []);
      return task;
    });
    const [first] = tasks;
    if (first === undefined) throw new Error('there is no task');
    const jobs = first.of('pack');
    const until = async (count: number) => {
      for (const end = Date.now() + 10_000; world.done.length < count && Date.now() < end; ) await sleep(20);
      return world.done.map((one) => Number(one.split(' ')[0])).toSorted((x, y) => x - y);
    };
    const say = (body: unknown) =>
      client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: JSON.stringify(body) }));
    const receive = () => {
      for (const task of tasks) task.receive();
    };
    const left = async (): Promise<number> => {
      const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
      );
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
    };
    return { world, tables, jobs, until, say, receive, left, tick: () => say({ kind: 'tick' }) };
  };

  const onceEach = async (engines?: readonly [TableEngine, TableEngine]) => {
    const { jobs, until, say, receive, world } = open(engines);
    const ids = [];
    for (let n = 0; n < 10; n += 1) ids.push((await jobs.enqueue({ worker: 'count', payload: { n } })).jobId);
    for (const job of [ids[0], ids[0], 'none']) await say({ job });
    receive();
    expect(await until(10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await sleep(300);
    expect(world.done).toHaveLength(10);
    await Promise.all(tasks.map((task) => task.idle(5000)));
    expect((await jobs.list('done')).items).toHaveLength(10);
  };

  it('are done once each by either task, also where a message comes twice or for no job', () => onceEach());

  it('are so over a PostgreSQL server, where each task has connections of its own', async () => {
    const postgres = await startPostgres();
    const engines = [await openPostgres({ url: postgres.url }), await openPostgres({ url: postgres.url })] as const;
    try {
      await onceEach(engines);
      await Promise.all(tasks.map((task) => task.stop(1000)));
    } finally {
      await Promise.all(engines.map((engine) => engine.close()));
      await postgres.stop();
    }
  });

  it('are left to the home region where this one is not the home, and their messages do not pile up', async () => {
    const { jobs, until, receive, left, say, tick } = open(undefined, false);
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: { n: 1 } });
    await say({ job: jobId });
    await tick();
    receive();
    for (const end = Date.now() + 5000; (await left()) > 0 && Date.now() < end; ) await sleep(50);
    expect(await left()).toBe(0);
    expect(await until(0)).toEqual([]);
    expect(await jobs.get(jobId)).toMatchObject({ status: 'waiting', attempts: 0 });
  });

  it('are begun by a batch that a function is handed, which keeps in the queue only what it does not understand', async () => {
    const { jobs, until, world } = open();
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: { n: 1 } });
    await jobs.schedule({ name: 'often', worker: 'count', payload: { n: 7 }, cron: '0 * * * *', timeZone: 'UTC' });
    const [task] = tasks;
    const bodies = [{ job: jobId }, { from: 'a later version' }].map((body) => JSON.stringify(body));
    expect(await task?.deliver([...bodies, 'no JSON'])).toEqual([true, false, false]);
    expect(await until(1)).toEqual([1]);
    world.ahead = 3_600_000;
    expect(await task?.deliver(['{"kind":"tick"}', '{"kind":"tick"}'])).toEqual([true, true]);
    await task?.idle(5000);
    // What came of the schedule has been sent on, as another batch.
    expect((await jobs.list('waiting')).items).toMatchObject([{ payload: { n: 7 } }]);
  });

  it('are found by the next tick where a task died between commit and message', async () => {
    const { jobs, tables, until, receive, tick } = open();
    const { write } = jobs.plan({ worker: 'count', payload: { n: 1 } });
    expect(await tables.transact([write])).toBe(true);
    receive();
    await sleep(300);
    expect((await jobs.list('waiting')).items).toHaveLength(1);
    await tick();
    expect(await until(1)).toEqual([1]);
  });

  it('go on in another task with a tick after the lease of a dead one', async () => {
    const { jobs, until, receive, tick, world } = open();
    world.hang = true;
    const { jobId } = await jobs.enqueue({ worker: 'count', payload: { n: 1 } });
    receive();
    for (const end = Date.now() + 5000; (await jobs.get(jobId))?.status !== 'running' && Date.now() < end; )
      await sleep(20);
    world.hang = false;
    await tick();
    await sleep(300);
    expect(world.done).toEqual([]);
    world.ahead = 61_000;
    await tick();
    expect(await until(1)).toEqual([1]);
    expect(await jobs.get(jobId)).toMatchObject({ attempts: 2 });
  });

  it('are tried again after their delay, without a tick', async () => {
    const { jobs, until, receive } = open();
    await jobs.enqueue({ worker: 'count', payload: { n: -1 } });
    receive();
    expect(await until(1)).toEqual([-1]);
  });

  it('come of schedules once, whichever task hears the tick, and however often', async () => {
    const { jobs, until, receive, tick, world } = open();
    await jobs.schedule({ name: 'often', worker: 'count', payload: { n: 7 }, cron: '0 * * * *', timeZone: 'UTC' });
    world.ahead = 3_600_000;
    for (let times = 0; times < 4; times += 1) await tick();
    receive();
    expect(await until(1)).toEqual([7]);
    await sleep(300);
    expect(world.done).toHaveLength(1);
  });

  it('leave a message that they do not understand in the queue, for its dead letters', async () => {
    const { say, receive } = open();
    await say({ from: 'a later version' });
    receive();
    await sleep(300);
    await Promise.all(tasks.map((task) => task.stop(1000)));
    for (const end = Date.now() + 5000; Date.now() < end; await sleep(100)) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url }));
      if (Messages.length > 0) return expect(Messages[0]?.Body).toContain('a later version');
    }
    throw new Error('the message is gone');
  });
});

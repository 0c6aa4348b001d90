import pino from 'pino';
import { z } from 'zod';
import { at, contextFor, startOfTests, startPack } from '../../../../test/estate/pack.ts';
import { jobsOf } from '../../../jobs/port.ts';
import { createRunner } from '../../../jobs/runner.ts';
import { openMemoryTables } from '../../../stores/memory/tables.ts';
import type { Estate, Slice } from '../estate/estate.ts';
import { createSandboxEstate } from '../sandbox/estate.ts';
import { seedResources } from '../sandbox/resources.ts';
import { extentHash, wholeExtent } from './extent.ts';

const Answer = z.looseObject({
  next_cursor: z.string().optional(),
  total_resources: z.number().optional(),
  total_violations: z.number().optional(),
  violations: z.array(z.unknown()).optional(),
  scan_job: z
    .looseObject({ scan_id: z.string(), status: z.string(), done: z.number().optional(), total: z.number().optional() })
    .optional(),
});

const Drift = Answer.extend({ drift_detected: z.array(z.looseObject({ resource_arn: z.string() })).optional() });

const limits = { resources: 0, seconds: 0, callMs: 40_000, waitMs: 0 };

/** Tables of several tasks, whose clock the test sets. */
const world = async () => {
  let ahead = 0;
  const now = () => new Date(startOfTests.getTime() + ahead);
  const tables = openMemoryTables({ now });
  await seedResources(tables, startOfTests);
  const forward = (milliseconds: number) => {
    ahead += milliseconds;
  };
  return { tables, now, forward };
};

/** One task: its own scanner, caches and runner, and what it listed. Without `room` it works on no jobs. */
const task = async (shared: Awaited<ReturnType<typeof world>>, more: Partial<typeof limits> = {}, last?: number) => {
  const { tables, now } = shared;
  const listed: string[] = [];
  const sandbox = createSandboxEstate({ tables });
  const stopped = Promise.withResolvers<void>();
  async function* list(...[extent, context]: Parameters<Estate['list']>): AsyncGenerator<Slice> {
    for await (const slice of sandbox.list(extent, context)) {
      if (listed.length === last) {
        stopped.resolve();
        // Killed here, as far as anybody else can tell.
        await new Promise(() => {});
      }
      listed.push(`${slice.accountId} ${slice.region} ${slice.type}`);
      yield slice;
      // Others have a turn between slices, as they do at AWS.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const runner = createRunner({
    tables,
    log: pino({ level: 'silent' }),
    now,
    mayWork: () => true,
    metrics: { count: () => {} },
  });
  const jobs = jobsOf('tagging', { tables, now, wake: runner.wake.bind(runner) });
  const started = await startPack({
    services: { estate: { ...sandbox, list }, jobs, now, limits: { ...limits, ...more } },
    tables,
  });
  if (started.pack.longScans === undefined) throw new Error('no jobs');
  runner.add([{ owner: 'tagging', worker: started.pack.longScans.worker }]);
  const check = async (input: object = {}, context = contextFor()) =>
    Answer.parse(await started.call('check_tag_compliance', input, context));
  return { ...started, jobs, runner, listed, check, stopped: stopped.promise };
};

const ended = async (asker: Awaited<ReturnType<typeof task>>, cursor: string | undefined, more: object = {}) => {
  let answer = await asker.check({ ...more, cursor });
  for (let looks = 0; answer.scan_job?.status === 'running' && looks < 50; looks += 1) {
    await asker.runner.look();
    await asker.runner.idle(5000);
    answer = await asker.check({ ...more, cursor: answer.next_cursor });
  }
  return answer;
};

describe('a scan that is too long for its call', () => {
  it('becomes a job that answers at once, is read on by cursor, and ends with what a scan within the call finds', async () => {
    const shared = await world();
    const asker = await task(shared);
    const first = await asker.check({ limit: 50 });
    expect(first).toMatchObject({ scan_job: { status: 'running' }, next_cursor: expect.any(String) });
    expect(first).not.toHaveProperty('compliance_score');
    const answer = await ended(asker, first.next_cursor, { limit: 50 });
    const { scan_job, next_cursor, ...found } = answer;
    const {
      scan_job: _none,
      next_cursor: _page,
      ...within
    } = await (await task(await world(), { resources: 1e6, seconds: 1e6 })).check({ limit: 50 });
    expect(found).toEqual(within);
    expect(scan_job).toMatchObject({ status: 'done', scan_id: first.scan_job?.scan_id });
    expect(next_cursor).toEqual(expect.any(String));
    const history = await asker.parts.scans.history(extentHash(await wholeExtent(asker.parts.estate)), 1);
    expect(history).toMatchObject([{ scanId: `scan_${scan_job?.scan_id}`, quality: 'complete' }]);
  });

  it('has a result that any task pages, without listing anything', async () => {
    const shared = await world();
    const asker = await task(shared);
    let answer = await ended(asker, (await asker.check({ limit: 200 })).next_cursor, { limit: 200 });
    const other = await task(shared);
    const seen = new Set((answer.violations ?? []).map((each) => JSON.stringify(each)));
    for (; answer.next_cursor !== undefined; answer = await other.check({ limit: 200, cursor: answer.next_cursor }))
      for (const each of answer.violations ?? []) seen.add(JSON.stringify(each));
    for (const each of answer.violations ?? []) seen.add(JSON.stringify(each));
    expect(seen.size).toBe(answer.total_violations);
    expect(other.listed).toEqual([]);
  });

  it('goes on in another task when its own is killed, and lists nothing again that was finished', async () => {
    const shared = await world();
    const killed = await task(shared, {}, 30);
    const first = await killed.check();
    await killed.stopped;
    const other = await task(shared);
    const { jobId = '' } = { jobId: first.scan_job?.scan_id };
    for (let looks = 0; ((await other.jobs.get(jobId))?.progress?.done ?? 0) < 30 && looks < 200; looks += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await other.check({ cursor: first.next_cursor })).toMatchObject({
      scan_job: { status: 'running', done: 30, total: 63 },
    });
    shared.forward(61_000);
    await other.runner.look();
    const answer = await ended(other, first.next_cursor);
    expect(answer.total_resources).toBe(
      (await (await task(await world(), { resources: 1e6, seconds: 1e6 })).check()).total_resources,
    );
    expect([killed.listed.length, other.listed.length]).toEqual([30, 33]);
    expect(other.listed.filter((slice) => killed.listed.includes(slice))).toEqual([]);
  });

  it('is one for everybody who asks the same while it is under way', async () => {
    const shared = await world();
    const [asker, other] = [await task(shared, {}, 10), await task(shared)];
    const [first, second] = [await asker.check(), await other.check()];
    expect(second.scan_job?.scan_id).toBe(first.scan_job?.scan_id);
    const another = await other.check({ regions: ['us-east-1'] });
    expect(another.scan_job?.scan_id).not.toBe(first.scan_job?.scan_id);
  });

  it('tells the gap of the days that were asked about, and leaves the history, which is of the last 30, alone', async () => {
    const time_period = { Start: '2026-09-01', End: '2026-11-20' };
    const asker = await task(await world());
    const ask = async (more: object = {}) => asker.call('get_cost_attribution_gap', { time_period, ...more });
    let answer = await ask();
    expect(answer).toMatchObject({ scan_job: { status: 'running' } });
    for (let looks = 0; at(answer, 'scan_job', 'status') === 'running' && looks < 50; looks += 1) {
      await asker.runner.look();
      await asker.runner.idle(5000);
      answer = await ask({ cursor: answer.next_cursor });
    }
    const within = await task(await world(), { resources: 1e6, seconds: 1e6 });
    const { scan_job, ...found } = answer;
    expect(found).toEqual(await within.call('get_cost_attribution_gap', { time_period }));
    expect(scan_job).toMatchObject({ status: 'done' });
    expect(found).toMatchObject({ time_period, attribution_gap: expect.any(Number) });
    const history = await asker.parts.scans.history(extentHash(await wholeExtent(asker.parts.estate)), 1);
    expect(history).toEqual([]);
  });

  it('compares tags, page by page, as within a call', async () => {
    const shared = await world();
    const before = await task(shared, { resources: 1e6, seconds: 1e6 });
    await before.check({ store_snapshot: true });
    const changed = (await before.resources.ofAccount('123456789012')).slice(0, 3);
    for (const each of changed) await before.resources.put({ ...each, tags: { ...each.tags, Since: 'now' } });
    const input = { tag_keys: ['Since'], limit: 2 };
    const asker = await task(shared);
    const drift = async (more: object = {}) => Drift.parse(await asker.call('detect_tag_drift', { ...input, ...more }));
    let answer = await drift();
    expect(answer).toMatchObject({ scan_job: { status: 'running' } });
    for (let looks = 0; answer.scan_job?.status === 'running' && looks < 50; looks += 1) {
      await asker.runner.look();
      await asker.runner.idle(5000);
      answer = await drift({ cursor: answer.next_cursor });
    }
    expect(answer).toMatchObject({ status: 'compared', total_drifts: 3, scan_job: { status: 'done' } });
    const rest = await drift({ cursor: answer.next_cursor });
    const seen = [...(answer.drift_detected ?? []), ...(rest.drift_detected ?? [])].map((each) => each.resource_arn);
    expect([seen, rest.next_cursor]).toEqual([changed.map(({ arn }) => arn).sort(), undefined]);
  });

  it('is stopped for all tasks by whoever began it, and by nobody else', async () => {
    const shared = await world();
    const [asker, other] = [await task(shared, {}, 10), await task(shared)];
    const first = await asker.check();
    await asker.stopped;
    const stop = { scan_id: first.scan_job?.scan_id };
    const ben = contextFor();
    await expect(
      other.call('stop_scan', stop, { ...ben, caller: { ...ben.caller, personId: 'ben' } }),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await other.call('stop_scan', stop)).toEqual({ ...stop, status: 'stopped' });
    for (const reader of [asker, other])
      await expect(reader.check({ cursor: first.next_cursor })).rejects.toMatchObject({ code: 'cancelled' });
    shared.forward(61_000);
    await other.runner.look();
    await other.runner.idle(1000);
    expect([asker.listed.length, other.listed]).toEqual([10, []]);
    await expect(other.call('stop_scan', stop)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('becomes one too when it takes longer than was estimated, and goes on with what is under way', async () => {
    const shared = await world();
    const asker = await task(shared, { resources: 1e6, seconds: 1e6, callMs: 1 });
    const first = await asker.check();
    expect(first.scan_job).toMatchObject({ status: 'running' });
    await ended(asker, first.next_cursor);
    expect(asker.listed).toHaveLength(63);
  });
});
